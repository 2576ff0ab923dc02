package io.millrace.engine.runtime.kernel;

import static io.millrace.engine.runtime.kernel.ScalarExp.C0;
import static io.millrace.engine.runtime.kernel.ScalarExp.C1;
import static io.millrace.engine.runtime.kernel.ScalarExp.C2;
import static io.millrace.engine.runtime.kernel.ScalarExp.C3;
import static io.millrace.engine.runtime.kernel.ScalarExp.C4;
import static io.millrace.engine.runtime.kernel.ScalarExp.C5;
import static io.millrace.engine.runtime.kernel.ScalarExp.HIGHEST;
import static io.millrace.engine.runtime.kernel.ScalarExp.LN2_HIGH;
import static io.millrace.engine.runtime.kernel.ScalarExp.LN2_LOW;
import static io.millrace.engine.runtime.kernel.ScalarExp.LOG2_E;
import static io.millrace.engine.runtime.kernel.ScalarExp.LOWEST;
import static io.millrace.engine.runtime.kernel.ScalarExp.ROUND;
import static io.millrace.engine.runtime.kernel.Vectors.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * e to the x, lane by lane, with the bits of {@link ScalarExp}. It must be inlined where it is
 * called, so it stands in a class of its own.
 */
final class VectorExp {
  private VectorExp() {}

  static FloatVector exp(FloatVector argument) {
    FloatVector x = argument.blend(HIGHEST, argument.compare(VectorOperators.GT, HIGHEST));
    FloatVector shifted =
        x.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUND));
    FloatVector power = shifted.sub(ROUND);
    FloatVector r = power.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), x);
    r = power.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), r);
    FloatVector y = r.fma(FloatVector.broadcast(FLOATS, C5), FloatVector.broadcast(FLOATS, C4));
    y = y.fma(r, FloatVector.broadcast(FLOATS, C3));
    y = y.fma(r, FloatVector.broadcast(FLOATS, C2));
    y = y.fma(r, FloatVector.broadcast(FLOATS, C1));
    y = y.fma(r, FloatVector.broadcast(FLOATS, C0));
    y = y.fma(r.mul(r), r.add(1f));
    FloatVector result =
        y.reinterpretAsInts()
            .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
            .reinterpretAsFloats();
    return result.blend(0f, x.compare(VectorOperators.LT, LOWEST));
  }
}
