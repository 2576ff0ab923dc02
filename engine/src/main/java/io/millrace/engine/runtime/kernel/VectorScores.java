package io.millrace.engine.runtime.kernel;

import static io.millrace.engine.runtime.kernel.Vectors.FLOATS;
import static io.millrace.engine.runtime.kernel.Vectors.LENGTH;

import jdk.incubator.vector.FloatVector;

/**
 * Products of query rows with keys, with the Vector API: up to eight sums in registers, for each
 * row two vectors of neighbouring tokens. A lane is a token, so that a sum runs in the order of its
 * scalar twin.
 *
 * <p>Each kernel is a method too large for C2 to inline: it is compiled by itself, the same in
 * every JVM, and small enough that everything inside it is inlined, which keeps vectors out of the
 * heap. Generic code, with rows in an array or a kernel type as a parameter, loses both.
 */
final class VectorScores {
  private VectorScores() {}

  static void four(
      float[] q,
      int qFrom,
      int dim,
      float[] keys,
      int[] blocks,
      int count,
      int tokens,
      float[] s,
      int sFrom,
      int stride) {
    int shift = Integer.numberOfTrailingZeros(tokens / LENGTH);
    int mask = (1 << shift) - 1;
    int columns = count << shift;
    for (int j = 0; j < columns; j += 2) {
      int j1 = Math.min(j + 1, columns - 1);
      int k0 = blocks[(j >> shift)] + (j & mask) * LENGTH;
      int k1 = blocks[(j1 >> shift)] + (j1 & mask) * LENGTH;
      int y = qFrom;
      FloatVector a0 = FloatVector.zero(FLOATS);
      FloatVector a1 = FloatVector.zero(FLOATS);
      FloatVector b0 = FloatVector.zero(FLOATS);
      FloatVector b1 = FloatVector.zero(FLOATS);
      FloatVector c0 = FloatVector.zero(FLOATS);
      FloatVector c1 = FloatVector.zero(FLOATS);
      FloatVector d0 = FloatVector.zero(FLOATS);
      FloatVector d1 = FloatVector.zero(FLOATS);
      for (int d = 0; d < dim; d++) {
        FloatVector x0 = FloatVector.fromArray(FLOATS, keys, k0);
        FloatVector x1 = FloatVector.fromArray(FLOATS, keys, k1);
        FloatVector x = FloatVector.broadcast(FLOATS, q[y]);
        a0 = x.fma(x0, a0);
        a1 = x.fma(x1, a1);
        x = FloatVector.broadcast(FLOATS, q[y + 1]);
        b0 = x.fma(x0, b0);
        b1 = x.fma(x1, b1);
        x = FloatVector.broadcast(FLOATS, q[y + 2]);
        c0 = x.fma(x0, c0);
        c1 = x.fma(x1, c1);
        x = FloatVector.broadcast(FLOATS, q[y + 3]);
        d0 = x.fma(x0, d0);
        d1 = x.fma(x1, d1);
        k0 += tokens;
        k1 += tokens;
        y += 4;
      }
      int s0 = sFrom + j * LENGTH;
      int s1 = sFrom + j1 * LENGTH;
      a0.intoArray(s, s0);
      a1.intoArray(s, s1);
      b0.intoArray(s, s0 + stride);
      b1.intoArray(s, s1 + stride);
      c0.intoArray(s, s0 + 2 * stride);
      c1.intoArray(s, s1 + 2 * stride);
      d0.intoArray(s, s0 + 3 * stride);
      d1.intoArray(s, s1 + 3 * stride);
    }
  }

  static void one(
      float[] q,
      int qFrom,
      int dim,
      float[] keys,
      int[] blocks,
      int count,
      int tokens,
      float[] s,
      int sFrom,
      int stride) {
    int shift = Integer.numberOfTrailingZeros(tokens / LENGTH);
    int mask = (1 << shift) - 1;
    int columns = count << shift;
    for (int j = 0; j < columns; j += 2) {
      int j1 = Math.min(j + 1, columns - 1);
      int k0 = blocks[(j >> shift)] + (j & mask) * LENGTH;
      int k1 = blocks[(j1 >> shift)] + (j1 & mask) * LENGTH;
      int y = qFrom;
      FloatVector a0 = FloatVector.zero(FLOATS);
      FloatVector a1 = FloatVector.zero(FLOATS);
      for (int d = 0; d < dim; d++) {
        FloatVector x0 = FloatVector.fromArray(FLOATS, keys, k0);
        FloatVector x1 = FloatVector.fromArray(FLOATS, keys, k1);
        FloatVector x = FloatVector.broadcast(FLOATS, q[y]);
        a0 = x.fma(x0, a0);
        a1 = x.fma(x1, a1);
        k0 += tokens;
        k1 += tokens;
        y += 1;
      }
      int s0 = sFrom + j * LENGTH;
      int s1 = sFrom + j1 * LENGTH;
      a0.intoArray(s, s0);
      a1.intoArray(s, s1);
    }
  }
}
