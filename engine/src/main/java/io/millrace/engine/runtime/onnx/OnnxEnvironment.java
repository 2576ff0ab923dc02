package io.millrace.engine.runtime.onnx;

import static org.bytedeco.onnxruntime.global.onnxruntime.ORT_LOGGING_LEVEL_WARNING;

import io.millrace.engine.runtime.RuntimeFailureException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.onnxruntime.Env;
import org.bytedeco.onnxruntime.ThreadingOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process's one ONNX Runtime environment, with the thread pool that all sessions share. It
 * lives from the first runtime opened to the last one closed.
 */
public final class OnnxEnvironment implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OnnxEnvironment.class);

  private static OnnxEnvironment open;

  private final int threads;
  private final boolean spin;
  private final Env env;
  private int users = 1;

  private OnnxEnvironment(int threads, boolean spin) {
    this.threads = threads;
    this.spin = spin;
    try (ThreadingOptions options = new ThreadingOptions()) {
      options.SetGlobalIntraOpNumThreads(threads);
      options.SetGlobalInterOpNumThreads(1);
      options.SetGlobalSpinControl(spin ? 1 : 0);
      this.env = new Env(options.asOrtThreadingOptions(), ORT_LOGGING_LEVEL_WARNING, "millrace");
    }
  }

  /** Opens the environment, or shares the one that is open; close it once per call. */
  public static synchronized OnnxEnvironment acquire(int threads, boolean spin) {
    if (open == null) {
      loadLibrary();
      open = new OnnxEnvironment(threads, spin);
      return open;
    }
    if (open.threads != threads || open.spin != spin) {
      LOG.warn(
          "ONNX Runtime already runs in this process with threads {} and spin {}: threads {} and"
              + " spin {} have no effect on it",
          open.threads,
          open.spin,
          threads,
          spin);
    }
    open.users++;
    return open;
  }

  private static void loadLibrary() {
    // The weights are mapped and packed natively: the binding's limits, which count the whole
    // process against the Java heap's size, would refuse large models.
    setDefault("org.bytedeco.javacpp.maxBytes");
    setDefault("org.bytedeco.javacpp.maxPhysicalBytes");
    try {
      Loader.load(org.bytedeco.onnxruntime.global.onnxruntime.class);
    } catch (LinkageError | RuntimeException e) {
      throw new RuntimeFailureException(
          "Cannot load ONNX Runtime's native library for "
              + Loader.getPlatform()
              + ": it is unpacked under "
              + System.getProperty("user.home")
              + "/.javacpp/cache; if that is not writable set -Dorg.bytedeco.javacpp.cachedir",
          e);
    }
  }

  private static void setDefault(String property) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, "0");
    }
  }

  /** Gives memory that was only needed while weights were packed back to the system. */
  public void trimMemory() {
    Pointer.trimMemory();
  }

  Env env() {
    return env;
  }

  @Override
  public void close() {
    synchronized (OnnxEnvironment.class) {
      if (--users == 0) {
        env.close();
        open = null;
      }
    }
  }
}
