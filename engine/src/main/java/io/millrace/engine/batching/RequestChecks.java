package io.millrace.engine.batching;

import io.millrace.engine.GenerationRequest;
import io.millrace.engine.sample.SamplingParameters;

/**
 * Refuses what the engine could not compute, or could not hold.
 *
 * @param vocabulary ids below this exist
 * @param maxSequenceLength prompt and answer together, in tokens
 */
record RequestChecks(int vocabulary, int maxSequenceLength) {

  /**
   * @throws IllegalArgumentException names the field and its value
   */
  void check(GenerationRequest request) {
    String name = "request " + request.id() + ": ";
    int length = request.prompt().length;
    if (length == 0) {
      throw new IllegalArgumentException(name + "the prompt is empty");
    }
    if (length > maxSequenceLength - 1) {
      throw new IllegalArgumentException(
          name
              + "the prompt has "
              + length
              + " tokens, with at least one new token only "
              + (maxSequenceLength - 1)
              + " fit: shorten it or raise engine.max-sequence-length");
    }
    for (int id : request.prompt()) {
      checkId(name + "prompt", id);
    }
    SamplingParameters sampling = request.sampling();
    sampling.logprobTokenIds().forEach(id -> checkId(name + "logprob_token_ids", id));
    sampling.stopIds().forEach(id -> checkId(name + "stop_ids", id));
    checkLogprobs(name, sampling, Math.min(sampling.maxNewTokens(), maxSequenceLength - length));
  }

  private static void checkLogprobs(String name, SamplingParameters sampling, int tokens) {
    long logprobs = (long) tokens * AnswerLogprobs.perPosition(sampling);
    if (logprobs > AnswerLogprobs.MOST) {
      throw new IllegalArgumentException(
          name
              + "an answer of "
              + tokens
              + " tokens (max_new_tokens) with top_logprobs "
              + sampling.topLogprobs()
              + " and "
              + sampling.logprobTokenIds().size()
              + " logprob_token_ids would hold "
              + logprobs
              + " log-probabilities, "
              + AnswerLogprobs.MOST
              + " are the most: lower one of them");
    }
  }

  private void checkId(String field, int id) {
    if (id < 0 || id >= vocabulary) {
      throw new IllegalArgumentException(
          field + " holds the id " + id + ", the vocabulary's are 0 to " + (vocabulary - 1));
    }
  }
}
