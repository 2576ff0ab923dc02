package io.millrace.engine.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Condenses the pre_tokenizer of a tokenizer.json into one regular expression. */
final class PreTokenizer {
  private PreTokenizer() {}

  /** The expression whose matches are the pieces that the BPE merges within. */
  static String pattern(JsonNode preTokenizer) throws UnsupportedTokenizerException {
    List<JsonNode> steps = new ArrayList<>();
    if (preTokenizer.path("type").asText().equals("Sequence")) {
      preTokenizer.path("pretokenizers").forEach(steps::add);
    } else {
      steps.add(preTokenizer);
    }
    if (steps.isEmpty() || !isByteLevel(steps.get(steps.size() - 1)) || steps.size() > 2) {
      throw unsupported(preTokenizer);
    }
    boolean gpt2 = steps.get(steps.size() - 1).path("use_regex").asBoolean(true);
    if (steps.size() == 1 && gpt2) {
      return Patterns.GPT2;
    }
    JsonNode first = steps.get(0);
    if (steps.size() == 2 && first.path("type").asText().equals("Digits") && gpt2) {
      return Patterns.gpt2AfterDigits(first.path("individual_digits").asBoolean());
    }
    if (steps.size() == 2 && splitsAtMatches(first) && !gpt2) {
      JsonNode pattern = first.path("pattern");
      return pattern.has("Regex")
          ? pattern.path("Regex").asText()
          : Pattern.quote(pattern.path("String").asText());
    }
    throw unsupported(preTokenizer);
  }

  private static boolean isByteLevel(JsonNode step) {
    return step.path("type").asText().equals("ByteLevel")
        && !step.path("add_prefix_space").asBoolean(true);
  }

  /** Both ways to write that the matches are the pieces. */
  private static boolean splitsAtMatches(JsonNode step) {
    String behavior = step.path("behavior").asText();
    boolean invert = step.path("invert").asBoolean();
    return step.path("type").asText().equals("Split")
        && (behavior.equals("Isolated") || (behavior.equals("Removed") && invert));
  }

  private static UnsupportedTokenizerException unsupported(JsonNode preTokenizer) {
    return new UnsupportedTokenizerException(
        "pre_tokenizer "
            + preTokenizer
            + " is not supported: known are ByteLevel without prefix space, alone or after one"
            + " Split (Isolated) or Digits");
  }
}
