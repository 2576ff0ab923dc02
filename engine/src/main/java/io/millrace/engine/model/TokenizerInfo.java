package io.millrace.engine.model;

import java.util.Map;

/**
 * What the manifest says of the tokenizer.
 *
 * @param file the ranks file beside the manifest, in tiktoken's form (base64 token, space, rank);
 *     null where the model has none (random weights)
 * @param normalizer {@code nfc} or {@code none}
 * @param pattern the pre-tokenizer's regular expression
 * @param controlTokens control tokens by name
 * @param vocabularySize ids below this may be sampled
 */
public record TokenizerInfo(
    String file,
    String normalizer,
    String pattern,
    Map<String, Integer> controlTokens,
    int vocabularySize) {}
