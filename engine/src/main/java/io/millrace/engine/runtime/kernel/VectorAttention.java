package io.millrace.engine.runtime.kernel;

import static io.millrace.engine.runtime.kernel.Vectors.FLOATS;
import static io.millrace.engine.runtime.kernel.Vectors.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention over one KV block with the Vector API. The loops are unrolled by hand over four query
 * rows and two vectors: eight sums in registers hide the latency of a multiply-add. Every sum runs
 * in the order of its scalar twin, since a lane is a token (scores) or a dimension (accumulate).
 */
final class VectorAttention {
  private VectorAttention() {}

  static void scores(
      int rows,
      float[] q,
      int qFrom,
      int dim,
      float[] keys,
      int keysFrom,
      int tokens,
      float[] scores,
      int scoresFrom,
      int stride) {
    int pairs = tokens / (2 * LENGTH) * (2 * LENGTH);
    for (int t = 0; t < pairs; t += 2 * LENGTH) {
      if (rows == 4) {
        scores4x2(q, qFrom, dim, keys, keysFrom + t, tokens, scores, scoresFrom + t, stride);
      } else {
        scores1x2(q, qFrom, dim, keys, keysFrom + t, tokens, scores, scoresFrom + t);
      }
    }
    if (pairs < tokens) {
      for (int r = 0; r < rows; r++) {
        int from = qFrom + r * dim;
        int into = scoresFrom + r * stride + pairs;
        scores1x1(q, from, dim, keys, keysFrom + pairs, tokens, scores, into);
      }
    }
  }

  private static void scores4x2(
      float[] q, int q0, int dim, float[] keys, int k, int tokens, float[] s, int s0, int stride) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    int q1 = q0 + dim;
    int q2 = q1 + dim;
    int q3 = q2 + dim;
    for (int d = 0; d < dim; d++) {
      FloatVector x0 = FloatVector.fromArray(FLOATS, keys, k);
      FloatVector x1 = FloatVector.fromArray(FLOATS, keys, k + LENGTH);
      k += tokens;
      FloatVector y = FloatVector.broadcast(FLOATS, q[q0 + d]);
      a0 = y.fma(x0, a0);
      a1 = y.fma(x1, a1);
      y = FloatVector.broadcast(FLOATS, q[q1 + d]);
      b0 = y.fma(x0, b0);
      b1 = y.fma(x1, b1);
      y = FloatVector.broadcast(FLOATS, q[q2 + d]);
      c0 = y.fma(x0, c0);
      c1 = y.fma(x1, c1);
      y = FloatVector.broadcast(FLOATS, q[q3 + d]);
      d0 = y.fma(x0, d0);
      d1 = y.fma(x1, d1);
    }
    a0.intoArray(s, s0);
    a1.intoArray(s, s0 + LENGTH);
    b0.intoArray(s, s0 + stride);
    b1.intoArray(s, s0 + stride + LENGTH);
    c0.intoArray(s, s0 + 2 * stride);
    c1.intoArray(s, s0 + 2 * stride + LENGTH);
    d0.intoArray(s, s0 + 3 * stride);
    d1.intoArray(s, s0 + 3 * stride + LENGTH);
  }

  private static void scores1x2(
      float[] q, int q0, int dim, float[] keys, int k, int tokens, float[] s, int s0) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    for (int d = 0; d < dim; d++) {
      FloatVector y = FloatVector.broadcast(FLOATS, q[q0 + d]);
      a0 = y.fma(FloatVector.fromArray(FLOATS, keys, k), a0);
      a1 = y.fma(FloatVector.fromArray(FLOATS, keys, k + LENGTH), a1);
      k += tokens;
    }
    a0.intoArray(s, s0);
    a1.intoArray(s, s0 + LENGTH);
  }

  private static void scores1x1(
      float[] q, int q0, int dim, float[] keys, int k, int tokens, float[] s, int s0) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    for (int d = 0; d < dim; d++) {
      a0 = FloatVector.broadcast(FLOATS, q[q0 + d]).fma(FloatVector.fromArray(FLOATS, keys, k), a0);
      k += tokens;
    }
    a0.intoArray(s, s0);
  }

  static void accumulate(
      int rows,
      float[] weights,
      int weightsFrom,
      int stride,
      float[] values,
      int valuesFrom,
      int tokens,
      float[] out,
      int outFrom,
      int dim) {
    int pairs = dim / (2 * LENGTH) * (2 * LENGTH);
    for (int d = 0; d < pairs; d += 2 * LENGTH) {
      if (rows == 4) {
        accumulate4x2(
            weights, weightsFrom, stride, values, valuesFrom + d, tokens, out, outFrom + d, dim);
      } else {
        accumulate1x2(weights, weightsFrom, values, valuesFrom + d, tokens, out, outFrom + d, dim);
      }
    }
    if (pairs < dim) {
      ScalarAttention.accumulateFrom(
          pairs, rows, weights, weightsFrom, stride, values, valuesFrom, tokens, out, outFrom, dim);
    }
  }

  private static void accumulate4x2(
      float[] p,
      int p0,
      int stride,
      float[] values,
      int v,
      int tokens,
      float[] o,
      int o0,
      int dim) {
    int p1 = p0 + stride;
    int p2 = p1 + stride;
    int p3 = p2 + stride;
    int o1 = o0 + dim;
    int o2 = o1 + dim;
    int o3 = o2 + dim;
    FloatVector a0 = FloatVector.fromArray(FLOATS, o, o0);
    FloatVector a1 = FloatVector.fromArray(FLOATS, o, o0 + LENGTH);
    FloatVector b0 = FloatVector.fromArray(FLOATS, o, o1);
    FloatVector b1 = FloatVector.fromArray(FLOATS, o, o1 + LENGTH);
    FloatVector c0 = FloatVector.fromArray(FLOATS, o, o2);
    FloatVector c1 = FloatVector.fromArray(FLOATS, o, o2 + LENGTH);
    FloatVector d0 = FloatVector.fromArray(FLOATS, o, o3);
    FloatVector d1 = FloatVector.fromArray(FLOATS, o, o3 + LENGTH);
    for (int t = 0; t < tokens; t++) {
      FloatVector x0 = FloatVector.fromArray(FLOATS, values, v);
      FloatVector x1 = FloatVector.fromArray(FLOATS, values, v + LENGTH);
      v += dim;
      FloatVector y = FloatVector.broadcast(FLOATS, p[p0 + t]);
      a0 = y.fma(x0, a0);
      a1 = y.fma(x1, a1);
      y = FloatVector.broadcast(FLOATS, p[p1 + t]);
      b0 = y.fma(x0, b0);
      b1 = y.fma(x1, b1);
      y = FloatVector.broadcast(FLOATS, p[p2 + t]);
      c0 = y.fma(x0, c0);
      c1 = y.fma(x1, c1);
      y = FloatVector.broadcast(FLOATS, p[p3 + t]);
      d0 = y.fma(x0, d0);
      d1 = y.fma(x1, d1);
    }
    a0.intoArray(o, o0);
    a1.intoArray(o, o0 + LENGTH);
    b0.intoArray(o, o1);
    b1.intoArray(o, o1 + LENGTH);
    c0.intoArray(o, o2);
    c1.intoArray(o, o2 + LENGTH);
    d0.intoArray(o, o3);
    d1.intoArray(o, o3 + LENGTH);
  }

  private static void accumulate1x2(
      float[] p, int p0, float[] values, int v, int tokens, float[] o, int o0, int dim) {
    FloatVector a0 = FloatVector.fromArray(FLOATS, o, o0);
    FloatVector a1 = FloatVector.fromArray(FLOATS, o, o0 + LENGTH);
    for (int t = 0; t < tokens; t++) {
      FloatVector y = FloatVector.broadcast(FLOATS, p[p0 + t]);
      a0 = y.fma(FloatVector.fromArray(FLOATS, values, v), a0);
      a1 = y.fma(FloatVector.fromArray(FLOATS, values, v + LENGTH), a1);
      v += dim;
    }
    a0.intoArray(o, o0);
    a1.intoArray(o, o0 + LENGTH);
  }

  /** n is a multiple of {@link Lanes#COUNT}. */
  static float max(float[] x, int from, int n, float start) {
    FloatVector max = FloatVector.broadcast(FLOATS, start);
    for (int i = 0; i < n; i += LENGTH) {
      max = max.max(FloatVector.fromArray(FLOATS, x, from + i));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  /** n is a multiple of {@link Lanes#COUNT}. */
  static float expSum(float[] x, int from, int n, float max, float[] lanes) {
    for (int lane = 0; lane < Lanes.COUNT; lane += LENGTH) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = lane; i < n; i += Lanes.COUNT) {
        FloatVector e = VectorExp.exp(FloatVector.fromArray(FLOATS, x, from + i).sub(max));
        e.intoArray(x, from + i);
        sum = sum.add(e);
      }
      sum.intoArray(lanes, lane);
    }
    return Lanes.sum(lanes);
  }
}
