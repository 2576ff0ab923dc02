package io.millrace.engine.sample;

import java.util.List;

/**
 * How the next token is chosen. Construct through {@link #builder()}, which validates every value
 * and names the field in its error.
 *
 * @param temperature 0 means greedy; logits are divided by it
 * @param topK keep the k most likely tokens; 0 keeps all
 * @param topP keep the smallest set whose probability reaches this, in (0, 1]
 * @param minP drop tokens less likely than this times the most likely one, in [0, 1]
 * @param repetitionPenalty divides positive and multiplies negative logits of seen tokens (CTRL,
 *     arXiv:1909.05858); 1 is off
 * @param presencePenalty subtracted once from the logits of generated tokens; 0 is off
 * @param frequencyPenalty subtracted per occurrence from the logits of generated tokens; 0 is off
 * @param seed with the position the key of the counter-based random generator
 * @param maxNewTokens generate at most this many tokens
 * @param stopStrings end where one of these appears in the text; it is not part of the answer
 * @param stopIds end at one of these ids, besides the chat format's own
 * @param ignoreEos go on past the chat format's stop ids; for measurements
 * @param topLogprobs how many of the most likely tokens to report per position; 0 reports none
 * @param logprobs report the log-probability of each chosen token
 * @param logprobTokenIds report the log-probabilities of these ids at each position
 * @param draftTokens guess at most this many tokens ahead from earlier ones and check them in one
 *     step: the same tokens, in fewer steps where an answer repeats its prompt; 0 is off
 */
public record SamplingParameters(
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    double presencePenalty,
    double frequencyPenalty,
    long seed,
    int maxNewTokens,
    List<String> stopStrings,
    List<Integer> stopIds,
    boolean ignoreEos,
    boolean logprobs,
    int topLogprobs,
    List<Integer> logprobTokenIds,
    int draftTokens) {

  public static SamplingParametersBuilder builder() {
    return new SamplingParametersBuilder();
  }

  /** A builder that starts from these values. */
  public SamplingParametersBuilder toBuilder() {
    return builder()
        .temperature(temperature)
        .topK(topK)
        .topP(topP)
        .minP(minP)
        .repetitionPenalty(repetitionPenalty)
        .presencePenalty(presencePenalty)
        .frequencyPenalty(frequencyPenalty)
        .seed(seed)
        .maxNewTokens(maxNewTokens)
        .stopStrings(stopStrings)
        .stopIds(stopIds)
        .ignoreEos(ignoreEos)
        .logprobs(logprobs)
        .topLogprobs(topLogprobs)
        .logprobTokenIds(logprobTokenIds)
        .draftTokens(draftTokens);
  }

  /** Greedy decoding of at most this many tokens. */
  public static SamplingParameters greedy(int maxNewTokens) {
    return builder().temperature(0).maxNewTokens(maxNewTokens).build();
  }
}
