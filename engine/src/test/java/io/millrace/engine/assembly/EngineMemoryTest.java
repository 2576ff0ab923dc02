package io.millrace.engine.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.prepare.CheckpointConverter;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.schedule.draft.Drafting;
import io.millrace.engine.testing.Collector;
import io.millrace.engine.testing.TestEngines;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real engines with real KV pools, in a JVM whose heap has room for one of them. */
class EngineMemoryTest {
  private static final long POOL_BYTES = 160L << 20;

  @TempDir private Path directory;

  @Test
  void shouldOpenAnotherEngineInThePlaceOfOneThatRanOutOfMemory() throws Exception {
    Path checkpoint = Path.of(getClass().getResource("/golden/qwen2").toURI());
    Path model = directory.resolve("model");
    CheckpointConverter.convert(checkpoint, Precision.INT8, model, ProgressListener.NONE);

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--add-modules",
                "jdk.incubator.vector",
                "-Dlog4j2.level=WARN",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                model.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("the first told 3 others, the second answered 8 tokens");
  }

  /** Fills the heap, once all others are there, until its engine dies of that. */
  private static final class Hoarder implements GenerationListener {
    private final CountDownLatch start = new CountDownLatch(1);
    private final List<byte[]> hoard = new ArrayList<>();

    @Override
    public void onText(int index, String text) {
      try {
        start.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      while (true) {
        hoard.add(new byte[1 << 16]);
      }
    }

    @Override
    public void onFinished(GenerationResult result) {
      throw new AssertionError("the engine should have died");
    }

    @Override
    public void onError(Throwable error) {
      // The heap stays full meanwhile.
    }
  }

  /** What the other JVM runs. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
      EngineOptions options =
          new EngineOptions(
              args[0], 1, 2, 64, 8, POOL_BYTES, KvType.FP32, 0, false, Drafting.STANDARD);
      Engine first = SharedEngines.acquire(options, Engines::open);
      List<Generation> handles = new ArrayList<>();
      Hoarder hoarder = new Hoarder();
      handles.add(submit(first, hoarder));
      List<Collector> others = List.of(new Collector(), new Collector(), new Collector());
      others.forEach(other -> handles.add(submit(first, other)));
      hoarder.start.countDown();
      long told = others.stream().filter(o -> o.error() instanceof EngineStoppedException).count();
      hoarder.hoard.clear();

      Engine second = SharedEngines.acquire(options, Engines::open);
      Collector answer = new Collector();
      submit(second, answer);
      System.out.printf(
          "the first told %d others, the second answered %d tokens%n",
          told, answer.result().tokens().length);
      Reference.reachabilityFence(first);
      Reference.reachabilityFence(handles);
      second.close();
      first.close();
    }

    private static Generation submit(Engine engine, GenerationListener listener) {
      SamplingParameters sampling =
          SamplingParameters.builder().ignoreEos(true).maxNewTokens(8).build();
      return engine.submit(TestEngines.request("r", new int[] {1, 2, 3}, sampling), listener);
    }
  }
}
