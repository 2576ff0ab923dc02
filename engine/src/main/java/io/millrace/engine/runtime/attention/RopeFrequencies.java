package io.millrace.engine.runtime.attention;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.RopeScaling;

/** How fast each pair of dimensions turns, in radians per position; the same bits everywhere. */
final class RopeFrequencies {

  private RopeFrequencies() {}

  /**
   * @param alpha the sequence's NTK alpha, by which the base grows
   */
  static double[] of(ModelConfig config, float alpha) {
    int dim = config.headDim();
    double base = config.ropeTheta() * StrictMath.pow(alpha, dim / (dim - 2.0));
    double[] frequencies = new double[dim / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = StrictMath.pow(base, -2.0 * i / dim);
    }
    RopeScaling scaling = config.ropeScaling();
    if (scaling != null) {
      switch (scaling.type()) {
        case LINEAR -> linear(frequencies, scaling);
        case LLAMA3 -> llama3(frequencies, scaling);
        case YARN -> yarn(frequencies, scaling, base);
        case DYNAMIC -> {} // alpha has it all
      }
    }
    return frequencies;
  }

  private static void linear(double[] frequencies, RopeScaling scaling) {
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] /= scaling.factor();
    }
  }

  private static void llama3(double[] frequencies, RopeScaling scaling) {
    double low = scaling.lowFrequencyFactor();
    double high = scaling.highFrequencyFactor();
    for (int i = 0; i < frequencies.length; i++) {
      double turns = scaling.originalLength() * frequencies[i] / (2 * Math.PI);
      double kept =
          turns < low ? 0 : turns > high ? 1 : high > low ? (turns - low) / (high - low) : 1;
      frequencies[i] *= (1 - kept) / scaling.factor() + kept;
    }
  }

  private static void yarn(double[] frequencies, RopeScaling scaling, double base) {
    int dim = 2 * frequencies.length;
    double fast = dimension(scaling.betaFast(), scaling, dim, base);
    double slow = dimension(scaling.betaSlow(), scaling, dim, base);
    double low = Math.max(scaling.truncate() ? Math.floor(fast) : fast, 0);
    double high = Math.min(scaling.truncate() ? Math.ceil(slow) : slow, dim - 1);
    double width = high == low ? 0.001 : high - low;
    for (int i = 0; i < frequencies.length; i++) {
      double stretched = Math.min(1, Math.max(0, (i - low) / width));
      frequencies[i] *= stretched / scaling.factor() + 1 - stretched;
    }
  }

  /** The dimension that turns this often over the original length. */
  private static double dimension(double turns, RopeScaling scaling, int dim, double base) {
    double wave = scaling.originalLength() / (turns * 2 * Math.PI);
    return dim * StrictMath.log(wave) / (2 * StrictMath.log(base));
  }
}
