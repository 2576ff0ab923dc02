package io.millrace.engine;

/**
 * Token counts of one generation.
 *
 * @param promptTokens length of the prompt
 * @param cachedTokens how many of them came from the prefix cache and were not computed again
 * @param completionTokens how many tokens were generated, the stop token not counted
 */
public record Usage(int promptTokens, int cachedTokens, int completionTokens) {}
