package io.millrace.engine.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * Ids must be those of HuggingFace tokenizers. Known to differ, and so not among the strings: half
 * surrogate pairs, which the reference cannot be given; letters that are younger than the JDK's
 * Unicode tables; rows of combining marks with one younger than 2016 among them, which the
 * reference's normalizer does not sort.
 */
class TokenizerGoldenTest {
  private final List<JsonNode> strings = GoldenLines.read("strings.jsonl");

  @Test
  void shouldHaveAtLeastThreeHundredStrings() {
    assertThat(strings).hasSizeGreaterThanOrEqualTo(300);
  }

  @Test
  void shouldEncodeAsQwenDoes() {
    assertThat(differences(QwenFixture.qwen(), "qwen")).isEmpty();
    assertThat(differences(QwenFixture.qwen3(), "qwen")).isEmpty();
  }

  @Test
  void shouldEncodeBehindGpt2sPreTokenizer() {
    assertThat(differences(QwenFixture.withPattern(Patterns.GPT2), "gpt2")).isEmpty();
  }

  @Test
  void shouldEncodeBehindSmolLm2sPreTokenizer() {
    String pattern = Patterns.gpt2AfterDigits(true);

    assertThat(differences(QwenFixture.withPattern(pattern), "digits")).isEmpty();
  }

  @Test
  void shouldDecodeToTheNormalizedText() {
    for (JsonNode line : strings) {
      assertThat(QwenFixture.qwen().decode(GoldenLines.ids(line.path("qwen"))))
          .isEqualTo(Normalizer.normalize(line.path("text").asText(), Normalizer.Form.NFC));
    }
  }

  @Test
  void shouldEncodeTheSameInManyThreadsAtOnce() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    List<JsonNode> wrong =
        Collections.nCopies(20, strings).parallelStream()
            .flatMap(List::stream)
            .peek(line -> threads.add(Thread.currentThread()))
            .filter(
                line ->
                    !Arrays.equals(
                        QwenFixture.qwen().encode(line.path("text").asText()),
                        GoldenLines.ids(line.path("qwen"))))
            .toList();

    assertThat(wrong).isEmpty();
    assertThat(threads).hasSizeGreaterThan(1);
  }

  private List<String> differences(Tokenizer tokenizer, String reference) {
    List<String> differences = new ArrayList<>();
    for (JsonNode line : strings) {
      int[] ids = tokenizer.encode(line.path("text").asText());
      if (!Arrays.equals(ids, GoldenLines.ids(line.path(reference)))) {
        differences.add(line + " but " + Arrays.toString(ids));
      }
    }
    return differences;
  }
}
