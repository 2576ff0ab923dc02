package io.millrace.engine.runtime.cpu;

import com.sun.management.ThreadMXBean;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.KvType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs attention's steps in fresh JVMs and prints how far their times lie apart and what a step
 * allocates: the vector kernels' compilation may differ from one JVM to the next. A JVM's fastest
 * step counts, since whatever else runs on the machine only adds to it.
 *
 * <p>Arguments: the number of JVMs (0: only in this one), the KV type, then {@link
 * AttentionBenchmark.Shape}s; all without.
 */
public final class AttentionStability {
  private static final int LAYERS = 24;
  private static final int THREADS = 2;
  private static final long WARM_UP_NANOS = 1_500_000_000L;
  private static final long MEASURED_NANOS = 1_000_000_000L;
  private static final int LEAST_STEPS = 5;

  private AttentionStability() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int jvms = args.length == 0 ? 10 : Integer.parseInt(args[0]);
    List<AttentionBenchmark.Shape> shapes = new ArrayList<>();
    KvType kvType = args.length < 2 ? KvType.FP32 : KvType.valueOf(args[1]);
    for (int i = 2; i < args.length; i++) {
      shapes.add(AttentionBenchmark.Shape.valueOf(args[i]));
    }
    if (shapes.isEmpty()) {
      shapes.addAll(List.of(AttentionBenchmark.Shape.values()));
    }
    if (jvms == 0) {
      shapes.forEach(shape -> measure(kvType, shape));
      return;
    }
    List<List<String>> runs = new ArrayList<>();
    for (int i = 0; i < jvms; i++) {
      runs.add(fork(kvType, shapes));
    }
    System.out.println("ms of a JVM's fastest step, over the JVMs; spread is that of these");
    System.out.printf(
        "%-20s %9s %9s %9s %8s %14s%n", "shape", "least", "median", "most", "spread", "bytes/step");
    for (int i = 0; i < shapes.size(); i++) {
      print(shapes.get(i), i, runs);
    }
  }

  private static void print(AttentionBenchmark.Shape shape, int line, List<List<String>> runs) {
    double[] millis = runs.stream().mapToDouble(run -> number(run.get(line), 1)).sorted().toArray();
    double bytes = runs.stream().mapToDouble(run -> number(run.get(line), 3)).max().getAsDouble();
    double least = millis[0];
    double most = millis[millis.length - 1];
    double median = millis[millis.length / 2];
    System.out.printf(
        "%-20s %9.2f %9.2f %9.2f %7.1f%% %14.0f%n",
        shape, least, median, most, 100 * (most - least) / median, bytes);
  }

  private static double number(String line, int column) {
    return Double.parseDouble(line.split(" ")[column]);
  }

  private static List<String> fork(KvType kvType, List<AttentionBenchmark.Shape> shapes)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(AttentionStability.class.getName(), "0", kvType.name()));
    shapes.forEach(shape -> command.add(shape.name()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("a JVM failed after: " + output);
    }
    System.out.print(output);
    return output.lines().toList();
  }

  private static void measure(KvType kvType, AttentionBenchmark.Shape shape) {
    ModelConfig config = AttentionShape.config(LAYERS);
    float[][] qkv = AttentionShape.qkv(config, shape.past(), shape.tokens());
    try (PagedStep step =
        new PagedStep(config, shape.past(), shape.tokens(), qkv, kvType, THREADS)) {
      for (long start = System.nanoTime(); System.nanoTime() - start < WARM_UP_NANOS; ) {
        step.run();
      }
      // Before the first step is counted: growing would count as the step's allocation.
      double[] millis = new double[10_000];
      int steps = 0;
      long allocated = allocatedBytes();
      for (long begin = System.nanoTime();
          steps < LEAST_STEPS
              || steps < millis.length && System.nanoTime() - begin < MEASURED_NANOS; ) {
        long start = System.nanoTime();
        step.run();
        millis[steps++] = (System.nanoTime() - start) / 1e6;
      }
      allocated = allocatedBytes() - allocated;
      Arrays.sort(millis, 0, steps);
      System.out.printf(
          "%s %.3f %.3f %d%n", shape, millis[0], millis[steps / 2], allocated / steps);
    }
  }

  private static long allocatedBytes() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds())).sum();
  }
}
