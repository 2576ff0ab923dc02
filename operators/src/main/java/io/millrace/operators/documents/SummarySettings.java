package io.millrace.operators.documents;

import io.millrace.operators.record.SamplingDefaults;

/**
 * What a document is summarised with from its first prompt to its last: kept in its state, so that
 * a job that starts again with other settings ends it as it began. With other ones its parts would
 * no longer be those that the plan counts.
 *
 * @param language of the prompts
 * @param chunkTokens {@link DocumentOptions#chunkTokens}
 * @param overlapTokens {@link DocumentOptions#overlapTokens}
 * @param sampling {@link DocumentOptions#sampling}; the request's own goes before it
 * @param prompts the instructions in that language
 */
public record SummarySettings(
    SummaryStrategy strategy,
    SummaryLanguage language,
    int chunkTokens,
    int overlapTokens,
    SamplingDefaults sampling,
    SummaryPrompts prompts) {

  static SummarySettings of(DocumentOptions options, SummaryLanguage language) {
    return new SummarySettings(
        options.strategy(),
        language,
        options.chunkTokens(),
        options.overlapTokens(),
        options.sampling(),
        options.prompts().get(language));
  }
}
