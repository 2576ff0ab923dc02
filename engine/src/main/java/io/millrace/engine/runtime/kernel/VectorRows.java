package io.millrace.engine.runtime.kernel;

import static io.millrace.engine.runtime.kernel.Vectors.FLOATS;
import static io.millrace.engine.runtime.kernel.Vectors.INTS;
import static io.millrace.engine.runtime.kernel.Vectors.LENGTH;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Kernels over one row of activations with the Vector API. */
final class VectorRows {
  /** A quarter of the float vectors' width; null where the machine has no vectors so small. */
  private static final VectorSpecies<Byte> BYTES =
      LENGTH < 8 ? null : VectorSpecies.of(byte.class, VectorShape.forBitSize(LENGTH * Byte.SIZE));

  private VectorRows() {}

  static float sumOfSquares(float[] x, int from, int n) {
    if (n % Lanes.COUNT != 0 || LENGTH < 8) {
      return sumOfSquares(x, from, n, new float[Lanes.COUNT]);
    }
    FloatVector low = FloatVector.zero(FLOATS);
    if (LENGTH == Lanes.COUNT) {
      for (int i = 0; i < n; i += Lanes.COUNT) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
        low = v.fma(v, low);
      }
      return Lanes.sumOfPairs(
          low.lane(0) + low.lane(8),
          low.lane(1) + low.lane(9),
          low.lane(2) + low.lane(10),
          low.lane(3) + low.lane(11),
          low.lane(4) + low.lane(12),
          low.lane(5) + low.lane(13),
          low.lane(6) + low.lane(14),
          low.lane(7) + low.lane(15));
    }
    FloatVector high = FloatVector.zero(FLOATS);
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
      low = v.fma(v, low);
      FloatVector w = FloatVector.fromArray(FLOATS, x, from + i + LENGTH);
      high = w.fma(w, high);
    }
    FloatVector pairs = low.add(high);
    return Lanes.sumOfPairs(
        pairs.lane(0),
        pairs.lane(1),
        pairs.lane(2),
        pairs.lane(3),
        pairs.lane(4),
        pairs.lane(5),
        pairs.lane(6),
        pairs.lane(7));
  }

  /** For tails and narrow vectors. */
  private static float sumOfSquares(float[] x, int from, int n, float[] lanes) {
    int whole = n & -Lanes.COUNT;
    for (int lane = 0; lane < Lanes.COUNT; lane += LENGTH) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = lane; i < whole; i += Lanes.COUNT) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, from + i);
        sum = v.fma(v, sum);
      }
      sum.intoArray(lanes, lane);
    }
    for (int i = whole; i < n; i++) {
      float v = x[from + i];
      lanes[i & 15] = Math.fma(v, v, lanes[i & 15]);
    }
    return Lanes.sum(lanes);
  }

  static float maxAbs(float[] x, int from, int n) {
    FloatVector max = FloatVector.zero(FLOATS);
    int whole = FLOATS.loopBound(n);
    for (int i = 0; i < whole; i += LENGTH) {
      max = max.max(FloatVector.fromArray(FLOATS, x, from + i).abs());
    }
    float result = max.reduceLanes(VectorOperators.MAX);
    for (int i = whole; i < n; i++) {
      result = Math.max(result, Math.abs(x[from + i]));
    }
    return result;
  }

  static void quantise(float[] x, int from, int n, float inverseScale, byte[] into) {
    int whole = BYTES == null ? 0 : FLOATS.loopBound(n);
    FloatVector scale = FloatVector.broadcast(FLOATS, inverseScale);
    FloatVector round = FloatVector.broadcast(FLOATS, ScalarRows.QUANTISE);
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, from + i).fma(scale, round);
      ByteVector bytes =
          (ByteVector) v.reinterpretAsInts().convertShape(VectorOperators.I2B, BYTES, 0);
      bytes.intoArray(into, i);
    }
    ScalarRows.quantiseFrom(whole, x, from, n, inverseScale, into);
  }

  static void rescale(int[] y, int n, float rowScale, float[] columnScale, float[] into) {
    int whole = FLOATS.loopBound(n);
    FloatVector row = FloatVector.broadcast(FLOATS, rowScale);
    for (int i = 0; i < whole; i += LENGTH) {
      rescaled(y, i, row, columnScale).intoArray(into, i);
    }
    ScalarRows.rescaleFrom(whole, y, n, rowScale, columnScale, into);
  }

  static void siluMultiply(float[] gateUp, int n, float[] into) {
    int whole = FLOATS.loopBound(n);
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector gate = FloatVector.fromArray(FLOATS, gateUp, i);
      FloatVector silu = gate.div(VectorExp.exp(gate.neg()).add(1f));
      silu.mul(FloatVector.fromArray(FLOATS, gateUp, n + i)).intoArray(into, i);
    }
    ScalarRows.siluMultiplyFrom(whole, gateUp, n, into);
  }

  static void rescaleAdd(
      int[] y, int n, float rowScale, float[] columnScale, float[] into, int intoFrom) {
    int whole = FLOATS.loopBound(n);
    FloatVector row = FloatVector.broadcast(FLOATS, rowScale);
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector sum = FloatVector.fromArray(FLOATS, into, intoFrom + i);
      sum.add(rescaled(y, i, row, columnScale)).intoArray(into, intoFrom + i);
    }
    ScalarRows.rescaleAddFrom(whole, y, n, rowScale, columnScale, into, intoFrom);
  }

  static void rescaleSiluMultiply(
      int[] gateUp, int n, float rowScale, float[] columnScale, float[] into) {
    int whole = FLOATS.loopBound(n);
    FloatVector row = FloatVector.broadcast(FLOATS, rowScale);
    for (int i = 0; i < whole; i += LENGTH) {
      FloatVector gate = rescaled(gateUp, i, row, columnScale);
      FloatVector silu = gate.div(VectorExp.exp(gate.neg()).add(1f));
      silu.mul(rescaled(gateUp, n + i, row, columnScale)).intoArray(into, i);
    }
    ScalarRows.rescaleSiluMultiplyFrom(whole, gateUp, n, rowScale, columnScale, into);
  }

  private static FloatVector rescaled(int[] y, int i, FloatVector row, float[] columnScale) {
    FloatVector v = (FloatVector) IntVector.fromArray(INTS, y, i).convert(VectorOperators.I2F, 0);
    return v.mul(row.mul(FloatVector.fromArray(FLOATS, columnScale, i)));
  }
}
