package io.millrace.engine.runtime.attention;

import io.millrace.engine.model.ModelConfig;
import java.util.Arrays;

/**
 * Cosines and sines of the rotary embedding under one NTK alpha, computed in double precision and
 * grown as longer sequences come; StrictMath, so that all machines get the same bits.
 */
public final class RopeTable {
  private final float alpha;
  private final double[] frequencies;
  private final double amplitude;
  private float[] cosines = new float[0];
  private float[] sines = new float[0];
  private int positions;

  RopeTable(ModelConfig config, float alpha) {
    this.alpha = alpha;
    frequencies = RopeFrequencies.of(config, alpha);
    amplitude = config.ropeScaling() == null ? 1 : config.ropeScaling().attentionFactor();
  }

  float alpha() {
    return alpha;
  }

  /** Makes positions below the given one available. Not safe while {@link #rotate} runs. */
  void cover(int end) {
    if (end <= positions) {
      return;
    }
    int half = frequencies.length;
    int grown = Math.max(end, Math.max(256, positions + positions / 2));
    cosines = Arrays.copyOf(cosines, Math.multiplyExact(grown, half));
    sines = Arrays.copyOf(sines, Math.multiplyExact(grown, half));
    for (int p = positions; p < grown; p++) {
      for (int i = 0; i < half; i++) {
        double angle = p * frequencies[i];
        cosines[p * half + i] = (float) (amplitude * StrictMath.cos(angle));
        sines[p * half + i] = (float) (amplitude * StrictMath.sin(angle));
      }
    }
    positions = grown;
  }

  /** Rotates the two halves of one head. */
  void rotate(float[] x, int from, int position) {
    int half = frequencies.length;
    int angle = position * half;
    for (int i = 0; i < half; i++) {
      float cos = cosines[angle + i];
      float sin = sines[angle + i];
      float a = x[from + i];
      float b = x[from + half + i];
      x[from + i] = a * cos - b * sin;
      x[from + half + i] = b * cos + a * sin;
    }
  }
}
