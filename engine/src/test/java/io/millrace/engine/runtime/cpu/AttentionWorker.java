package io.millrace.engine.runtime.cpu;

import com.sun.management.ThreadMXBean;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.KvType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A JVM that runs attention's steps whenever it is told to, and sleeps in between. */
final class AttentionWorker {
  /** Of a decode step, each with KV of its own, so that it comes from memory as in a real step. */
  private static final int LAYERS = 24;

  /** Of a prefill step; with all of them it takes so long that hardly one runs undisturbed. */
  private static final int PREFILL_LAYERS = 4;

  private static final int THREADS = 2;
  private static final long WARM_UP_NANOS = 2_000_000_000L;
  private static final long SLICE_NANOS = 300_000_000L;
  private static final int LEAST_STEPS = 2;
  private static final String READY = "ready";

  private AttentionWorker() {}

  /** Steps of one shape in a row; bytes are those that all threads of the JVM allocated. */
  record Slice(double fastestMillis, long bytesPerStep) {}

  /** The other end of a worker. */
  static final class Remote implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;

    private Remote(Process process) {
      this.process = process;
      answers = process.inputReader(StandardCharsets.UTF_8);
      orders = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    }

    Slice measure(AttentionBenchmark.Shape shape) throws IOException {
      orders.println(shape.name());
      String[] answer = answer().split(" ");
      return new Slice(Double.parseDouble(answer[0]), Long.parseLong(answer[1]));
    }

    private String answer() throws IOException {
      String line = answers.readLine();
      if (line == null) {
        throw new IOException("the JVM " + process.pid() + " ended");
      }
      return line;
    }

    /** Its end of input ends the worker. */
    @Override
    public void close() {
      orders.close();
    }
  }

  /** Starts a JVM with the flags of this one; returns when its kernels are compiled. */
  static Remote start(KvType kvType, List<AttentionBenchmark.Shape> shapes) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(AttentionWorker.class.getName(), kvType.name()));
    shapes.forEach(shape -> command.add(shape.name()));
    Remote remote =
        new Remote(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
    String answer = remote.answer();
    if (!answer.equals(READY)) {
      throw new IOException("a JVM said " + answer);
    }
    return remote;
  }

  public static void main(String[] args) throws IOException {
    Map<AttentionBenchmark.Shape, PagedStep> steps = new EnumMap<>(AttentionBenchmark.Shape.class);
    for (int i = 1; i < args.length; i++) {
      AttentionBenchmark.Shape shape = AttentionBenchmark.Shape.valueOf(args[i]);
      ModelConfig config = AttentionShape.config(shape.tokens() == 1 ? LAYERS : PREFILL_LAYERS);
      float[][] qkv = AttentionShape.qkv(config, shape.past(), shape.tokens());
      KvType kvType = KvType.valueOf(args[0]);
      steps.put(shape, new PagedStep(config, shape.past(), shape.tokens(), qkv, kvType, THREADS));
    }
    steps.values().forEach(step -> slice(step, WARM_UP_NANOS));
    System.out.println(READY);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      Slice slice = slice(steps.get(AttentionBenchmark.Shape.valueOf(line)), SLICE_NANOS);
      System.out.println(slice.fastestMillis() + " " + slice.bytesPerStep());
    }
    steps.values().forEach(PagedStep::close);
  }

  private static Slice slice(PagedStep step, long nanos) {
    double fastest = Double.MAX_VALUE;
    int steps = 0;
    long allocated = allocatedBytes();
    for (long begin = System.nanoTime();
        steps < LEAST_STEPS || System.nanoTime() - begin < nanos;
        steps++) {
      long start = System.nanoTime();
      step.run();
      fastest = Math.min(fastest, (System.nanoTime() - start) / 1e6);
    }
    return new Slice(fastest, (allocatedBytes() - allocated) / steps);
  }

  private static long allocatedBytes() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds())).sum();
  }
}
