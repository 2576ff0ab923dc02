package io.millrace.engine.prepare;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Weight;
import io.millrace.engine.prepare.tensors.MatrixSource;
import java.nio.charset.StandardCharsets;

/**
 * Weights from a counter-based generator: an element depends on its tensor's name and its index
 * alone, so that every machine makes the same bytes. Scaled so that activations keep their size.
 */
record RandomWeights(ModelConfig config) implements WeightSource {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final float STEP = 0x1p-23f;

  /** Standard deviation of logits from a normalised hidden state. */
  private static final double LOGIT_SPREAD = 1.5;

  @Override
  public MatrixSource matrix(Weight weight) {
    boolean vocabulary = weight.rows() == config.vocabularyRows() && weight.columns() > 1;
    // A tied head is the embedding: same name, same values.
    String name =
        weight.name().equals("head.weight") && config.tiedEmbeddings()
            ? "embed.weight"
            : weight.name();
    boolean norm = weight.name().contains("norm.");
    double amplitude =
        weight.kind() == Weight.Kind.VECTOR
            ? 0.1
            : (vocabulary ? LOGIT_SPREAD : 1) * Math.sqrt(3.0 / weight.columns());
    return new Uniform(
        seed(name), weight.rows(), weight.columns(), norm ? 1 : 0, (float) amplitude);
  }

  private static long seed(String name) {
    long hash = GOLDEN_GAMMA;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = mix(hash + b);
    }
    return hash;
  }

  /** The finaliser of splitmix64 (Steele, Lea and Flood 2014). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private record Uniform(long seed, int rows, int columns, float centre, float amplitude)
      implements MatrixSource {

    @Override
    public void read(int first, int count, float[] into, int offset, int stride) {
      for (int row = 0; row < count; row++) {
        long index = (long) (first + row) * columns;
        for (int column = 0; column < columns; column++) {
          long bits = mix(seed + (index + column) * GOLDEN_GAMMA);
          float unit = (bits >> 40) * STEP;
          into[offset + row * stride + column] = centre + amplitude * unit;
        }
      }
    }
  }
}
