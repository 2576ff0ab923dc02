package io.millrace.engine.runtime.cpu;

import io.millrace.engine.runtime.KvType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Whether attention is as fast in one fresh JVM as in the next: the vector kernels' compilation may
 * differ. The JVMs live side by side and take turns, one of them computing at a time, so that each
 * has its share of whatever else happens on the machine; its fastest step of all turns counts, for
 * that only adds to a step.
 *
 * <p>Arguments, each with a default: the number of JVMs, of turns, the KV type, then {@link
 * AttentionBenchmark.Shape}s.
 */
public final class AttentionStability {
  private static final String[] DEFAULTS = {"10", "20", "FP32"};

  private final List<AttentionBenchmark.Shape> shapes;
  private final Map<AttentionBenchmark.Shape, double[]> fastest = new TreeMap<>();
  private final Map<AttentionBenchmark.Shape, Long> bytes = new TreeMap<>();

  private AttentionStability(List<AttentionBenchmark.Shape> shapes) {
    this.shapes = shapes;
  }

  public static void main(String[] args) throws IOException {
    List<AttentionBenchmark.Shape> shapes =
        Stream.of(args).skip(DEFAULTS.length).map(AttentionBenchmark.Shape::valueOf).toList();
    new AttentionStability(shapes.isEmpty() ? List.of(AttentionBenchmark.Shape.values()) : shapes)
        .run(
            Integer.parseInt(argument(args, 0)),
            Integer.parseInt(argument(args, 1)),
            KvType.valueOf(argument(args, 2)));
  }

  private static String argument(String[] args, int i) {
    return i < args.length ? args[i] : DEFAULTS[i];
  }

  private void run(int jvms, int turns, KvType kvType) throws IOException {
    List<AttentionWorker.Remote> workers = new ArrayList<>();
    try {
      for (int i = 0; i < jvms; i++) {
        // Opened one after the other: compiling is not disturbed by the next.
        workers.add(AttentionWorker.start(kvType, shapes));
        System.out.println("JVM " + i + " is warm");
      }
      for (AttentionBenchmark.Shape shape : shapes) {
        measure(shape, workers, turns);
      }
    } finally {
      workers.forEach(AttentionWorker.Remote::close);
    }
    print();
  }

  private void measure(
      AttentionBenchmark.Shape shape, List<AttentionWorker.Remote> workers, int turns)
      throws IOException {
    double[] millis = new double[workers.size()];
    Arrays.fill(millis, Double.MAX_VALUE);
    for (int turn = 0; turn < turns; turn++) {
      for (int i = 0; i < millis.length; i++) {
        // Another one begins each turn.
        int worker = (i + turn) % millis.length;
        AttentionWorker.Slice slice = workers.get(worker).measure(shape);
        millis[worker] = Math.min(millis[worker], slice.fastestMillis());
        bytes.merge(shape, slice.bytesPerStep(), Math::max);
      }
    }
    fastest.put(shape, millis);
  }

  private void print() {
    System.out.println("ms of a JVM's fastest step, over the JVMs; bytes of the worst slice");
    System.out.printf(
        "%-20s %9s %9s %9s %8s %11s   %s%n",
        "shape", "least", "median", "most", "spread", "bytes/step", "all");
    for (AttentionBenchmark.Shape shape : shapes) {
      double[] all = fastest.get(shape);
      Arrays.sort(all);
      double median = all[all.length / 2];
      double most = all[all.length - 1];
      StringBuilder each = new StringBuilder();
      for (double millis : all) {
        each.append("%.2f ".formatted(millis));
      }
      System.out.printf(
          "%-20s %9.2f %9.2f %9.2f %7.1f%% %11d   %s%n",
          shape, all[0], median, most, 100 * (most - all[0]) / median, bytes.get(shape), each);
    }
  }
}
