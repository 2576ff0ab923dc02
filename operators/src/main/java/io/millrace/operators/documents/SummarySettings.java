package io.millrace.operators.documents;

import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.SummaryInfo;
import io.millrace.operators.record.SamplingDefaults;

/**
 * What a document is summarised with from its first prompt to its last: kept in its state, so that
 * a job that starts again with other settings ends it as it began. With other ones its parts would
 * no longer be those that the plan counts.
 *
 * @param language of the prompts
 * @param chunkTokens longest part, and longest input of a combination; 0 for all that fits the
 *     context; {@link DocumentOptions#AUTO} for a document that fits in one part, and parts of up
 *     to {@link #LONG_PART} of one that does not
 * @param overlapTokens {@link DocumentOptions#overlapTokens}
 * @param sampling of each prompt; the request's own goes before it
 * @param prompts the instructions in that language
 */
public record SummarySettings(
    SummaryStrategy strategy,
    SummaryLanguage language,
    int chunkTokens,
    int overlapTokens,
    SamplingDefaults sampling,
    SummaryPrompts prompts) {
  /** Tokens that models of long contexts read well at a time; more of a text they skim. */
  static final int LONG_PART = 8192;

  /** An answer takes at most this share of the context, so that many fit one combination. */
  private static final int ANSWER_SHARE = 8;

  private static final int LONG_ANSWER = 1024;

  /** Two partial summaries must fit one combination, with some tokens between and around them. */
  private static final double PARTIAL_SHARE = 0.45;

  /**
   * What a document begins with: the options, and where these leave it to the model, what suits it.
   *
   * @param context {@link io.millrace.engine.Engine#maxSequenceLength}, in tokens
   * @throws IllegalArgumentException if the model's own prompts cannot be used
   */
  public static SummarySettings of(
      DocumentOptions options, SummaryLanguage language, Manifest model, int context) {
    SummaryInfo own = model.summaries();
    int chunkTokens = options.chunkTokens();
    if (chunkTokens == DocumentOptions.AUTO && own != null) {
      chunkTokens = own.chunkTokens();
    }
    int maxNewTokens = options.maxNewTokens();
    if (maxNewTokens == DocumentOptions.AUTO) {
      int suits = Math.min(LONG_ANSWER, Math.max(1, context / ANSWER_SHARE));
      maxNewTokens = own == null ? suits : own.maxNewTokens();
      if (chunkTokens > 0) {
        int two = (int) (chunkTokens * PARTIAL_SHARE);
        maxNewTokens = Math.min(maxNewTokens, Math.max(1, two));
      }
    }
    return new SummarySettings(
        options.strategy(),
        language,
        chunkTokens,
        options.overlapTokens(),
        options.sampling().withMaxNewTokens(maxNewTokens),
        options.prompts().get(language).orElse(DefaultPrompts.of(own, language, context)));
  }
}
