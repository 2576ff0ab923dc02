package io.millrace.engine.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How a checkpoint stretches its rotary embedding beyond the length of its first training; what a
 * type does not use is 0.
 *
 * @param factor how many times longer than the original length a sequence may become
 * @param originalLength the length before stretching
 * @param lowFrequencyFactor of llama3: waves longer than originalLength / this are stretched fully
 * @param highFrequencyFactor of llama3: waves shorter than originalLength / this are left alone
 * @param betaFast of yarn: dimensions that turn more often than this are left alone
 * @param betaSlow of yarn: dimensions that turn less often than this are stretched fully
 * @param truncate of yarn: whether the borders between them are rounded to whole dimensions
 * @param attentionFactor what cosines and sines are multiplied by
 */
public record RopeScaling(
    Type type,
    double factor,
    int originalLength,
    double lowFrequencyFactor,
    double highFrequencyFactor,
    double betaFast,
    double betaSlow,
    boolean truncate,
    double attentionFactor) {

  /** The types, named as in config.json. */
  public enum Type {
    @JsonProperty("linear")
    LINEAR,
    /** The base grows with the prompt, so every longer prompt has frequencies of its own. */
    @JsonProperty("dynamic")
    DYNAMIC,
    @JsonProperty("yarn")
    YARN,
    @JsonProperty("llama3")
    LLAMA3
  }

  public static RopeScaling linear(double factor, int originalLength) {
    return new RopeScaling(Type.LINEAR, factor, originalLength, 0, 0, 0, 0, false, 1);
  }

  public static RopeScaling dynamic(double factor, int originalLength) {
    return new RopeScaling(Type.DYNAMIC, factor, originalLength, 0, 0, 0, 0, false, 1);
  }

  public static RopeScaling llama3(double factor, int originalLength, double low, double high) {
    return new RopeScaling(Type.LLAMA3, factor, originalLength, low, high, 0, 0, false, 1);
  }

  public static RopeScaling yarn(
      double factor,
      int originalLength,
      double betaFast,
      double betaSlow,
      boolean truncate,
      double attentionFactor) {
    return new RopeScaling(
        Type.YARN, factor, originalLength, 0, 0, betaFast, betaSlow, truncate, attentionFactor);
  }
}
