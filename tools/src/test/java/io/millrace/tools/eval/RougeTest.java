package io.millrace.tools.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Agrees with Google's rouge_score. */
class RougeTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/rouge.jsonl");

  static List<JsonNode> golden() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(GOLDEN)) {
      lines.add(mapper.readTree(line));
    }
    return lines;
  }

  @ParameterizedTest
  @MethodSource("golden")
  void shouldGiveTheReferencesValues(JsonNode golden) {
    String reference = golden.get("reference").asText();
    String text = golden.get("text").asText();
    assertScore(Rouge.n(1, reference, text), golden.get("rouge1"));
    assertScore(Rouge.n(2, reference, text), golden.get("rouge2"));
    assertScore(Rouge.l(reference, text), golden.get("rougeL"));
  }

  private static void assertScore(Rouge.Score score, JsonNode expected) {
    assertThat(score.precision()).isCloseTo(expected.get(0).asDouble(), within(1e-12));
    assertThat(score.recall()).isCloseTo(expected.get(1).asDouble(), within(1e-12));
    assertThat(score.f()).isCloseTo(expected.get(2).asDouble(), within(1e-12));
  }

  @Test
  void shouldCountWordsOfEnglishAndCharactersOfChinese() {
    assertThat(Rouge.tokens("The x-ray, 42 times!"))
        .containsExactly("the", "x", "ray", "42", "times");
    assertThat(Rouge.tokens("GPU很快。")).containsExactly("gpu", "很", "快");
  }
}
