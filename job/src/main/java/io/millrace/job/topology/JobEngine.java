package io.millrace.job.topology;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.Engines;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.runtime.RuntimeFailureException;
import io.millrace.job.config.Reasons;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The engine of a job. What keeps it from starting is told with the names of the settings. */
public final class JobEngine {

  private JobEngine() {}

  /** Opens the engine, or joins the one that others in this JVM have opened. */
  public static Engine acquire(EngineOptions options) throws Exception {
    return SharedEngines.acquire(options, JobEngine::open);
  }

  private static Engine open(EngineOptions options) throws IOException {
    String model = "model.directory is " + options.modelDirectory() + ": ";
    try {
      PreparedModel prepared = PreparedModel.open(Path.of(options.modelDirectory()));
      // A damaged weight would answer nonsense and name no cause. Reading is not lost: the pages
      // stay.
      prepared.verify(ProgressListener.NONE);
      return Engines.open(prepared, options);
    } catch (IOException e) {
      throw new IOException(model + Reasons.of(e), e);
    } catch (UncheckedIOException e) {
      throw new IOException(model + Reasons.of(e.getCause()), e);
    } catch (RuntimeFailureException | OutOfMemoryError e) {
      throw new RuntimeFailureException(
          model
              + "the model does not start: "
              + Reasons.of(e)
              + " (engine.kv-cache-size is "
              + options.kvCacheBytes()
              + " bytes of the heap, engine.max-batch-tokens "
              + options.maxBatchTokens()
              + "; weights take memory beside the heap: lower the settings, raise -Xmx, or give the"
              + " process more memory)",
          e);
    }
  }
}
