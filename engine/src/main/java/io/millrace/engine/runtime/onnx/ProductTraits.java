package io.millrace.engine.runtime.onnx;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * What ONNX Runtime's products do on this processor, found out by trying.
 *
 * @param signedWeightsExact whether unsigned activations times signed weights are exact: without
 *     VNNI their 16-bit sums saturate, and the weights must be shifted to unsigned
 * @param packed the formats whose weights ONNX Runtime copies when a session opens, so that the
 *     original is not needed any more
 */
record ProductTraits(boolean signedWeightsExact, Set<WeightFormat> packed) {
  private static final int SIZE = 64;

  /** The kernels for one row and for several differ. */
  private static final int[] ROWS = {1, 7};

  static ProductTraits probe(OnnxEnvironment environment) {
    ProductTraits asGiven = new ProductTraits(true, Set.of());
    boolean exact = isExact(environment, asGiven);
    ProductTraits exactly = new ProductTraits(exact, Set.of());
    EnumSet<WeightFormat> packed = EnumSet.noneOf(WeightFormat.class);
    for (WeightFormat format : WeightFormat.values()) {
      if (packs(environment, format, exactly)) {
        packed.add(format);
      }
    }
    return new ProductTraits(exact, packed);
  }

  boolean packs(WeightFormat format) {
    return packed.contains(format);
  }

  /** The largest values in all places: where sums of two products saturate, they do here. */
  private static boolean isExact(OnnxEnvironment environment, ProductTraits traits) {
    LinearWeights weights = weights(WeightFormat.INT8, Byte.MAX_VALUE);
    try (LinearSession session = new LinearSession(environment, "a probe", weights, traits)) {
      for (int rows : ROWS) {
        for (int product : run(session, WeightFormat.INT8, rows)) {
          if (product != SIZE * (255 - 128) * Byte.MAX_VALUE) {
            return false;
          }
        }
      }
      return true;
    }
  }

  /** Erases the weights under an open session: if its products stay, it has a copy. */
  private static boolean packs(
      OnnxEnvironment environment, WeightFormat format, ProductTraits traits) {
    LinearWeights weights = weights(format, 1);
    try (LinearSession session = new LinearSession(environment, "a probe", weights, traits)) {
      fill(weights.buffer(), 0);
      for (int rows : ROWS) {
        for (int product : run(session, format, rows)) {
          if (product != SIZE * (255 - 128)) {
            return false;
          }
        }
      }
      return true;
    }
  }

  private static LinearWeights weights(WeightFormat format, int value) {
    LinearWeights weights = new LinearWeights(format, SIZE, SIZE);
    if (format == WeightFormat.FLOAT) {
      ByteBuffer buffer = weights.buffer();
      for (int i = 0; i < SIZE * SIZE; i++) {
        buffer.putFloat(value);
      }
    } else {
      fill(weights.buffer(), value);
    }
    return weights;
  }

  private static void fill(ByteBuffer buffer, int value) {
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.put(i, (byte) value);
    }
  }

  private static int[] run(LinearSession session, WeightFormat format, int rows) {
    try (NativeRows x = new NativeRows(format.input(), SIZE);
        NativeRows y = new NativeRows(format.output(), SIZE)) {
      x.resize(rows);
      y.resize(rows);
      int[] products = new int[rows * SIZE];
      if (format == WeightFormat.INT8) {
        byte[] activations = new byte[rows * SIZE];
        Arrays.fill(activations, (byte) 255);
        x.put(0, activations, activations.length);
        session.run(x, y);
        y.get(0, products, 0, products.length);
      } else {
        float[] activations = new float[rows * SIZE];
        Arrays.fill(activations, 127f);
        x.put(0, activations, 0, activations.length);
        session.run(x, y);
        float[] floats = new float[products.length];
        y.get(0, floats, 0, floats.length);
        for (int i = 0; i < floats.length; i++) {
          products[i] = Math.round(floats[i]);
        }
      }
      return products;
    }
  }
}
