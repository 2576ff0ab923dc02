package io.millrace.engine.runtime.kernel;

import static io.millrace.engine.runtime.kernel.Vectors.LENGTH;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Widens {@link Bfloat16} with the Vector API. */
final class VectorBfloat16 {
  /** False where the machine has no vectors of half the float vectors' width. */
  static final boolean SUPPORTED = LENGTH >= 4;

  private static final VectorSpecies<Short> SHORTS =
      SUPPORTED ? VectorSpecies.of(short.class, VectorShape.forBitSize(LENGTH * Short.SIZE)) : null;

  private VectorBfloat16() {}

  static void widen(short[] x, int from, int n, float[] into, int intoFrom) {
    for (int i = 0; i < n; i += LENGTH) {
      ShortVector half = ShortVector.fromArray(SHORTS, x, from + i);
      IntVector bits = (IntVector) half.convertShape(VectorOperators.S2I, Vectors.INTS, 0);
      bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(into, intoFrom + i);
    }
  }
}
