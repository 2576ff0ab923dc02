package io.millrace.engine.model;

import java.util.Map;
import java.util.Set;

/**
 * What the manifest says of the tokenizer.
 *
 * @param file the ranks file beside the manifest, in tiktoken's form (base64 token, space, rank);
 *     null where the model has none (random weights)
 * @param normalizer {@code nfc} or {@code none}
 * @param pattern the pre-tokenizer's regular expression
 * @param controlTokens control tokens by name
 * @param vocabularySize ids below this may be sampled
 * @param visibleTokens names of the control tokens whose text belongs to an answer, such as {@code
 *     <think>} or {@code <tool_call>}; the others decode to nothing
 */
public record TokenizerInfo(
    String file,
    String normalizer,
    String pattern,
    Map<String, Integer> controlTokens,
    int vocabularySize,
    Set<String> visibleTokens) {

  public TokenizerInfo {
    visibleTokens = visibleTokens == null ? Set.of() : visibleTokens;
  }

  public TokenizerInfo(
      String file,
      String normalizer,
      String pattern,
      Map<String, Integer> controlTokens,
      int vocabularySize) {
    this(file, normalizer, pattern, controlTokens, vocabularySize, Set.of());
  }
}
