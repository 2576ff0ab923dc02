package io.millrace.engine.runtime.kernel;

import static io.millrace.engine.runtime.kernel.Vectors.FLOATS;
import static io.millrace.engine.runtime.kernel.Vectors.LENGTH;

import jdk.incubator.vector.FloatVector;

/**
 * Weighted sums of values, with the Vector API: up to eight sums in registers, for each row two
 * vectors of neighbouring dimensions. A lane is a dimension, so that a sum runs in the order of its
 * scalar twin. {@link VectorScores} says why each kernel is a method of its own.
 *
 * <p>Tokens are found in a table, not by a loop over blocks around a loop over tokens: C2 boxes
 * vectors that are carried through two loops.
 */
final class VectorValues {
  private VectorValues() {}

  static void four(
      float[] p,
      int pFrom,
      int stride,
      float[] values,
      int[] at,
      int size,
      int tokens,
      float[] out,
      int outFrom,
      int dim) {
    int columns = dim / LENGTH;
    for (int j = 0; j < columns; j += 2) {
      int j1 = Math.min(j + 1, columns - 1);
      int in0 = column(j, size);
      int in1 = column(j1, size);
      int o0 = outFrom + j * LENGTH;
      int o1 = outFrom + j1 * LENGTH;
      FloatVector a0 = FloatVector.fromArray(FLOATS, out, o0);
      FloatVector a1 = FloatVector.fromArray(FLOATS, out, o1);
      FloatVector b0 = FloatVector.fromArray(FLOATS, out, o0 + dim);
      FloatVector b1 = FloatVector.fromArray(FLOATS, out, o1 + dim);
      FloatVector c0 = FloatVector.fromArray(FLOATS, out, o0 + 2 * dim);
      FloatVector c1 = FloatVector.fromArray(FLOATS, out, o1 + 2 * dim);
      FloatVector d0 = FloatVector.fromArray(FLOATS, out, o0 + 3 * dim);
      FloatVector d1 = FloatVector.fromArray(FLOATS, out, o1 + 3 * dim);
      for (int t = 0; t < tokens; t++) {
        int y = pFrom + t;
        FloatVector x0 = FloatVector.fromArray(FLOATS, values, at[t] + in0);
        FloatVector x1 = FloatVector.fromArray(FLOATS, values, at[t] + in1);
        FloatVector x = FloatVector.broadcast(FLOATS, p[y]);
        a0 = x.fma(x0, a0);
        a1 = x.fma(x1, a1);
        x = FloatVector.broadcast(FLOATS, p[y + stride]);
        b0 = x.fma(x0, b0);
        b1 = x.fma(x1, b1);
        x = FloatVector.broadcast(FLOATS, p[y + 2 * stride]);
        c0 = x.fma(x0, c0);
        c1 = x.fma(x1, c1);
        x = FloatVector.broadcast(FLOATS, p[y + 3 * stride]);
        d0 = x.fma(x0, d0);
        d1 = x.fma(x1, d1);
      }
      a0.intoArray(out, o0);
      a1.intoArray(out, o1);
      b0.intoArray(out, o0 + dim);
      b1.intoArray(out, o1 + dim);
      c0.intoArray(out, o0 + 2 * dim);
      c1.intoArray(out, o1 + 2 * dim);
      d0.intoArray(out, o0 + 3 * dim);
      d1.intoArray(out, o1 + 3 * dim);
    }
  }

  static void one(
      float[] p,
      int pFrom,
      int stride,
      float[] values,
      int[] at,
      int size,
      int tokens,
      float[] out,
      int outFrom,
      int dim) {
    int columns = dim / LENGTH;
    for (int j = 0; j < columns; j += 2) {
      int j1 = Math.min(j + 1, columns - 1);
      int in0 = column(j, size);
      int in1 = column(j1, size);
      int o0 = outFrom + j * LENGTH;
      int o1 = outFrom + j1 * LENGTH;
      FloatVector a0 = FloatVector.fromArray(FLOATS, out, o0);
      FloatVector a1 = FloatVector.fromArray(FLOATS, out, o1);
      for (int t = 0; t < tokens; t++) {
        int y = pFrom + t;
        FloatVector x0 = FloatVector.fromArray(FLOATS, values, at[t] + in0);
        FloatVector x1 = FloatVector.fromArray(FLOATS, values, at[t] + in1);
        FloatVector x = FloatVector.broadcast(FLOATS, p[y]);
        a0 = x.fma(x0, a0);
        a1 = x.fma(x1, a1);
      }
      a0.intoArray(out, o0);
      a1.intoArray(out, o1);
    }
  }

  /** Where in a block of values the j-th vector of a token's dimensions starts. */
  private static int column(int j, int size) {
    int d = j * LENGTH;
    return d / Lanes.COUNT * Lanes.COUNT * size + d % Lanes.COUNT;
  }
}
