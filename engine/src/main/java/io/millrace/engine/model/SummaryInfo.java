package io.millrace.engine.model;

import java.util.Map;

/**
 * How a model that was trained to summarise is best asked to.
 *
 * @param chunkTokens longest text that it summarises well at a time, in tokens
 * @param maxNewTokens longest summary of such a text, in tokens
 * @param prompts what it is asked, by language ({@code en}, {@code zh}) and stage ({@code chunk},
 *     {@code combine}, {@code refine}), with {@code {text}} and, to refine, {@code {summary}} where
 *     these are to stand; null or without a language for none
 */
public record SummaryInfo(
    int chunkTokens, int maxNewTokens, Map<String, Map<String, String>> prompts) {}
