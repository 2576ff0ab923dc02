package io.millrace.engine.sample;

import java.util.List;

/** Builds {@link SamplingParameters}; {@link #build()} names the field whose value is wrong. */
public final class SamplingParametersBuilder {

  /** More stop strings or stop ids than this are refused. */
  public static final int MAX_STOPS = 64;

  /** A stop string longer than this is refused, in characters. */
  public static final int MAX_STOP_LENGTH = 1024;

  /** More top or named log-probabilities per position than this are refused. */
  public static final int MAX_LOGPROBS = 64;

  /** Longer drafts than this are refused. */
  public static final int MAX_DRAFT_TOKENS = 64;

  private double temperature = 1;
  private int topK;
  private double topP = 1;
  private double minP;
  private double repetitionPenalty = 1;
  private double presencePenalty;
  private double frequencyPenalty;
  private long seed;
  private int maxNewTokens = 512;
  private List<String> stopStrings = List.of();
  private List<Integer> stopIds = List.of();
  private boolean ignoreEos;
  private boolean logprobs;
  private int topLogprobs;
  private List<Integer> logprobTokenIds = List.of();
  private int draftTokens;

  SamplingParametersBuilder() {}

  public SamplingParametersBuilder temperature(double value) {
    temperature = value;
    return this;
  }

  public SamplingParametersBuilder topK(int value) {
    topK = value;
    return this;
  }

  public SamplingParametersBuilder topP(double value) {
    topP = value;
    return this;
  }

  public SamplingParametersBuilder minP(double value) {
    minP = value;
    return this;
  }

  public SamplingParametersBuilder repetitionPenalty(double value) {
    repetitionPenalty = value;
    return this;
  }

  public SamplingParametersBuilder presencePenalty(double value) {
    presencePenalty = value;
    return this;
  }

  public SamplingParametersBuilder frequencyPenalty(double value) {
    frequencyPenalty = value;
    return this;
  }

  public SamplingParametersBuilder seed(long value) {
    seed = value;
    return this;
  }

  public SamplingParametersBuilder maxNewTokens(int value) {
    maxNewTokens = value;
    return this;
  }

  public SamplingParametersBuilder stopStrings(List<String> value) {
    stopStrings = value;
    return this;
  }

  public SamplingParametersBuilder stopIds(List<Integer> value) {
    stopIds = value;
    return this;
  }

  public SamplingParametersBuilder ignoreEos(boolean value) {
    ignoreEos = value;
    return this;
  }

  public SamplingParametersBuilder logprobs(boolean value) {
    logprobs = value;
    return this;
  }

  public SamplingParametersBuilder topLogprobs(int value) {
    topLogprobs = value;
    return this;
  }

  public SamplingParametersBuilder logprobTokenIds(List<Integer> value) {
    logprobTokenIds = value;
    return this;
  }

  public SamplingParametersBuilder draftTokens(int value) {
    draftTokens = value;
    return this;
  }

  /**
   * @throws IllegalArgumentException if a value is outside its range; the message names field,
   *     value and range
   */
  public SamplingParameters build() {
    range("temperature", temperature, 0, 100);
    range("top_k", topK, 0, Integer.MAX_VALUE);
    check(topP > 0 && topP <= 1, "top_p is " + topP + ", it must lie above 0 and be at most 1");
    range("min_p", minP, 0, 1);
    range("repetition_penalty", repetitionPenalty, 0.01, 100);
    range("presence_penalty", presencePenalty, -100, 100);
    range("frequency_penalty", frequencyPenalty, -100, 100);
    range("max_new_tokens", maxNewTokens, 1, Integer.MAX_VALUE);
    atMost("stop", stopStrings.size(), "strings", MAX_STOPS);
    for (int i = 0; i < stopStrings.size(); i++) {
      int length = stopStrings.get(i).length();
      check(
          length >= 1 && length <= MAX_STOP_LENGTH,
          "stop[%d] has %d characters, it must have 1 to %d".formatted(i, length, MAX_STOP_LENGTH));
    }
    atMost("stop_ids", stopIds.size(), "ids", MAX_STOPS);
    range("top_logprobs", topLogprobs, 0, MAX_LOGPROBS);
    atMost("logprob_token_ids", logprobTokenIds.size(), "ids", MAX_LOGPROBS);
    range("draft_tokens", draftTokens, 0, MAX_DRAFT_TOKENS);
    return new SamplingParameters(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        seed,
        maxNewTokens,
        List.copyOf(stopStrings),
        List.copyOf(stopIds),
        ignoreEos,
        logprobs,
        topLogprobs,
        List.copyOf(logprobTokenIds),
        draftTokens);
  }

  private static void range(String field, double value, double min, double max) {
    check(
        value >= min && value <= max,
        field + " is " + value + ", it must lie between " + min + " and " + max);
  }

  private static void range(String field, int value, int min, int max) {
    check(
        value >= min && value <= max,
        field + " is " + value + ", it must lie between " + min + " and " + max);
  }

  private static void atMost(String field, int size, String what, int max) {
    check(size <= max, field + " has " + size + " " + what + ", at most " + max + " are allowed");
  }

  private static void check(boolean right, String message) {
    if (!right) {
      throw new IllegalArgumentException(message);
    }
  }
}
