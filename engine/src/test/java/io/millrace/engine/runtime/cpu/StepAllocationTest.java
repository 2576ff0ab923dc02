package io.millrace.engine.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.RuntimeOptions;
import io.millrace.engine.runtime.StepBatch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Steps leave next to nothing for the garbage collector, once the kernels are compiled: before that
 * the Vector API makes objects of its vectors. In a JVM of its own, for other tests call the
 * kernels in ways that no engine does and the compiler remembers it.
 */
class StepAllocationTest {
  /** Bytes per step of all threads; a boxed number for each of 64 sequences is more. */
  private static final long BOUND = 256;

  @TempDir Path directory;

  @Test
  void shouldAllocateNextToNothingOnceWarm() throws Exception {
    PreparedModel model = Golden.read("qwen2").prepare(Precision.INT8, directory);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The flags of this JVM: the Vector API's module and how it checks bounds.
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.add(model.directory().toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    List<String> results = output.lines().filter(line -> line.startsWith("sequences ")).toList();
    assertThat(results).as(output).hasSize(Main.SEQUENCES.length);
    for (String result : results) {
      assertThat(Long.parseLong(result.split(" ")[3])).as(result).isLessThanOrEqualTo(BOUND);
    }
  }

  /** Decodes with more and more sequences; prints what a step allocates once it has settled. */
  static final class Main {
    private static final int[] SEQUENCES = {1, 4, 16, 64};
    private static final int STEPS = 200;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Main() {}

    public static void main(String[] args) throws IOException {
      try (CpuRuntime runtime =
          CpuRuntime.open(
              PreparedModel.open(Path.of(args[0])),
              new RuntimeOptions(2, false, KvType.BF16, 1 << 21),
              16)) {
        for (int sequences : SEQUENCES) {
          System.out.println("sequences " + sequences + " bytes " + settled(runtime, sequences));
        }
      }
    }

    private static long settled(CpuRuntime runtime, int sequences) {
      StepBatch batch = decode(sequences);
      // Buffers grow in the first step with so many sequences.
      runtime.step(batch);
      long end = System.nanoTime() + PATIENCE_NANOS;
      long bytes;
      do {
        long before = allocated();
        for (int i = 0; i < STEPS; i++) {
          runtime.step(batch);
        }
        bytes = (allocated() - before) / STEPS;
      } while (bytes > BOUND && System.nanoTime() < end);
      return bytes;
    }

    private static StepBatch decode(int sequences) {
      int[] tokens = new int[sequences];
      int[] start = new int[sequences + 1];
      int[] past = new int[sequences];
      int[][] blocks = new int[sequences][];
      float[] alpha = new float[sequences];
      int[] rows = new int[sequences];
      for (int s = 0; s < sequences; s++) {
        tokens[s] = s + 1;
        start[s + 1] = s + 1;
        past[s] = 20;
        blocks[s] = new int[] {2 * s, 2 * s + 1};
        rows[s] = s;
      }
      Arrays.fill(alpha, 1);
      return new StepBatch(sequences, tokens, start, past, blocks, alpha, rows);
    }

    /** What the threads that compute have allocated; the JVM's own don't count. */
    private static long allocated() {
      long sum = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().startsWith("millrace-runtime-")) {
          sum += THREADS.getThreadAllocatedBytes(thread.getId());
        }
      }
      return sum;
    }
  }
}
