package io.millrace.engine.runtime.onnx;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What ONNX Runtime's products do on this processor, found out by trying.
 *
 * @param signedWeightsExact whether unsigned activations times signed weights are exact: without
 *     VNNI their 16-bit sums saturate, and the weights must be shifted to unsigned
 * @param packed per format the constants that ONNX Runtime copies when a session opens, so that the
 *     original is not needed any more
 */
record ProductTraits(boolean signedWeightsExact, Map<WeightFormat, Set<String>> packed) {
  private static final int SIZE = 64;

  /** The kernels for one row and for several differ. */
  private static final int[] ROWS = {1, 7};

  static ProductTraits probe(OnnxEnvironment environment) {
    boolean exact = isExact(environment, new ProductTraits(true, Map.of()));
    ProductTraits keepAll = new ProductTraits(exact, Map.of());
    Map<WeightFormat, Set<String>> packed = new EnumMap<>(WeightFormat.class);
    for (WeightFormat format : WeightFormat.values()) {
      packed.put(format, packed(environment, format, keepAll));
    }
    return new ProductTraits(exact, packed);
  }

  boolean packs(WeightFormat format, String constant) {
    return packed.getOrDefault(format, Set.of()).contains(constant);
  }

  /** The largest values in all places: where sums of two products saturate, they do here. */
  private static boolean isExact(OnnxEnvironment environment, ProductTraits traits) {
    LinearWeights weights = new LinearWeights(WeightFormat.INT8, SIZE, SIZE);
    fill(weights.buffer(), Byte.MAX_VALUE);
    try (LinearSession session = new LinearSession(environment, "a probe", weights, traits)) {
      float exact = SIZE * (255 - 128) * Byte.MAX_VALUE;
      return isAlways(session, exact);
    }
  }

  private static Set<String> packed(
      OnnxEnvironment environment, WeightFormat format, ProductTraits keepAll) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < constants(format); i++) {
      LinearWeights weights = ones(format);
      LinearWeights.Constant erased = weights.constants().get(i);
      try (LinearSession session = new LinearSession(environment, "a probe", weights, keepAll)) {
        // Under the open session: if its products stay, it has a copy.
        fill(erased.buffer(), 0);
        if (isAlways(session, SIZE * 127f)) {
          names.add(erased.name());
        }
      }
    }
    return names;
  }

  private static int constants(WeightFormat format) {
    return format == WeightFormat.INT4 ? 2 : 1;
  }

  /** Weights of one everywhere. */
  private static LinearWeights ones(WeightFormat format) {
    LinearWeights weights = new LinearWeights(format, SIZE, SIZE);
    switch (format) {
      case FLOAT -> fillFloats(weights.buffer());
      case INT8 -> fill(weights.buffer(), 1);
      case INT4 -> {
        fill(weights.buffer(), 0x99);
        fillFloats(weights.scales());
      }
    }
    return weights;
  }

  private static void fill(ByteBuffer buffer, int value) {
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.put(i, (byte) value);
    }
  }

  private static void fillFloats(ByteBuffer buffer) {
    while (buffer.hasRemaining()) {
      buffer.putFloat(1f);
    }
  }

  /** Whether activations of 127 everywhere give this product everywhere. */
  private static boolean isAlways(LinearSession session, float expected) {
    for (int rows : ROWS) {
      for (float product : run(session, rows)) {
        if (Math.abs(product - expected) > 1e-4f * expected) {
          return false;
        }
      }
    }
    return true;
  }

  private static float[] run(LinearSession session, int rows) {
    try (NativeRows x = new NativeRows(session.format().input(), SIZE);
        NativeRows y = new NativeRows(session.format().output(), SIZE)) {
      x.resize(rows);
      y.resize(rows);
      float[] products = new float[rows * SIZE];
      if (session.format() == WeightFormat.INT8) {
        byte[] activations = new byte[rows * SIZE];
        Arrays.fill(activations, (byte) 255);
        x.put(0, activations, activations.length);
        session.run(x, y);
        int[] integers = new int[products.length];
        y.get(0, integers, 0, integers.length);
        for (int i = 0; i < integers.length; i++) {
          products[i] = integers[i];
        }
      } else {
        Arrays.fill(products, 127f);
        x.put(0, products, 0, products.length);
        session.run(x, y);
        y.get(0, products, 0, products.length);
      }
      return products;
    }
  }
}
