package io.millrace.engine;

/**
 * Token counts of one generation.
 *
 * @param promptTokens length of the prompt
 * @param cachedTokens how many of them came from the prefix cache and were not computed again
 * @param completionTokens how many tokens were generated, the stop token not counted
 * @param draftedTokens how many tokens were guessed and computed on trial
 * @param acceptedTokens how many of these guesses were right, each of which saved a step
 */
public record Usage(
    int promptTokens,
    int cachedTokens,
    int completionTokens,
    int draftedTokens,
    int acceptedTokens) {}
