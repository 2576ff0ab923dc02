package io.millrace.engine.runtime.kernel;

import static io.millrace.engine.runtime.kernel.Vectors.FLOATS;
import static io.millrace.engine.runtime.kernel.Vectors.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The softmax of one row of scores with the Vector API; n is a multiple of {@link Lanes#COUNT}. */
final class VectorSoftmax {
  private VectorSoftmax() {}

  static float max(float[] x, int from, int n, float start) {
    FloatVector max = FloatVector.broadcast(FLOATS, start);
    for (int i = 0; i < n; i += LENGTH) {
      max = max.max(FloatVector.fromArray(FLOATS, x, from + i));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

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
