package io.millrace.engine.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.model.TokenizerInfo;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerImporterTest {
  @TempDir private Path checkpoint;
  @TempDir private Path target;

  @ParameterizedTest
  @ValueSource(strings = {"qwen2", "llama"})
  void shouldGiveTheIdsThatTheCheckpointsOwnTokenizerGives(String family) throws Exception {
    Tokenizer tokenizer = imported(golden(family));

    for (JsonNode line : GoldenLines.read("tiny.jsonl")) {
      assertThat(tokenizer.encode(line.path("text").asText()))
          .as(line.path("text").toString())
          .isEqualTo(GoldenLines.ids(line.path(family)));
    }
  }

  @ParameterizedTest
  @CsvSource({"qwen2, nfc, 299", "qwen3, nfc, 299", "llama, none, 299", "qwen, nfc, 504"})
  void shouldReadControlTokensAndNormalizer(String family, String normalizer, int size)
      throws Exception {
    TokenizerInfo info = TokenizerImporter.importInto(golden(family), target);

    assertThat(info.normalizer()).isEqualTo(normalizer);
    assertThat(info.vocabularySize()).isEqualTo(size);
    assertThat(info.controlTokens())
        .containsEntry("<|endoftext|>", 296)
        .containsEntry("<|im_start|>", 297)
        .containsEntry("<|im_end|>", 298);
    assertThat(RanksFile.read(target.resolve(info.file()))).hasSize(296);
  }

  @Test
  void shouldReserveNoMoreTokensThanTheEmbeddingHasRows() throws Exception {
    Files.copy(golden("qwen").resolve("qwen.tiktoken"), checkpoint.resolve("qwen.tiktoken"));
    Files.writeString(checkpoint.resolve("config.json"), "{\"vocab_size\": 301}");

    TokenizerInfo info = TokenizerImporter.importInto(checkpoint, target);

    assertThat(info.vocabularySize()).isEqualTo(301);
    assertThat(info.controlTokens()).hasSize(5).containsEntry("<|extra_1|>", 300);
  }

  @Test
  void shouldCopyTheRanksOfTheFullTokenizerUnchanged() throws IOException {
    QwenFixture.copyRanks(checkpoint);

    TokenizerInfo info = TokenizerImporter.importInto(checkpoint, target);

    assertThat(target.resolve(info.file()))
        .hasSameBinaryContentAs(checkpoint.resolve("qwen.tiktoken"));
  }

  @Test
  void shouldTakeControlTokensThatComeFirstAndVisibleOnes() throws IOException {
    Tokenizer tokenizer = imported(json().write(checkpoint));

    assertThat(tokenizer.controlToken("<end>")).isZero();
    assertThat(tokenizer.vocabularySize()).isEqualTo(6);
    assertThat(tokenizer.encode("ab<end>ba")).containsExactly(3, 2, 1);
    assertThat(tokenizer.decode(new int[] {0, 3, 5})).isEqualTo("ab<think>");
  }

  @Test
  void shouldKeepGpt2sExpressionForAByteLevelThatSplitsByItself() throws IOException {
    json().write(checkpoint);

    assertThat(TokenizerImporter.importInto(checkpoint, target).pattern()).isEqualTo(Patterns.GPT2);
  }

  @Test
  void shouldAcceptMergesWrittenAsPairs() throws IOException {
    json().replace("\"a b\"", "[\"a\", \"b\"]").write(checkpoint);

    assertThat(imported(checkpoint).encode("ab")).containsExactly(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"BPE\" | \"Unigram\" | only BPE is supported",
        "\"byte_fallback\": false | \"byte_fallback\": true | byte_fallback",
        "\"end_of_word_suffix\": \"\" | \"end_of_word_suffix\": \"</w>\" | end_of_word_suffix",
        "\"add_prefix_space\": false | \"add_prefix_space\": true | pre_tokenizer",
        "\"ByteLevel\" | \"Metaspace\" | pre_tokenizer",
        "\"normalizer\": null | \"normalizer\": {\"type\": \"NFKC\"} | normalizer",
        "[\"a b\", \"b b\"] | [\"b b\", \"a b\"] | merges are not in the order of ids",
        "[\"a b\", \"b b\"] | [\"a b\"] | \"bb\" (id 4) comes from no merge",
        "\"bb\": 4 | \"b\u4f60\": 4, \"bb\": 5 | comes from no merge"
      })
  void shouldRefuseWhatARanksFileCannotExpress(String from, String to, String message)
      throws IOException {
    json().replace(from, to).write(checkpoint);

    assertThatThrownBy(() -> TokenizerImporter.importInto(checkpoint, target))
        .isInstanceOf(UnsupportedTokenizerException.class)
        .hasMessageContaining(message);
  }

  @Test
  void shouldSayWhichFilesItLookedFor() {
    assertThatThrownBy(() -> TokenizerImporter.importInto(checkpoint, target))
        .isInstanceOf(UnsupportedTokenizerException.class)
        .hasMessageContaining("neither tokenizer.json nor qwen.tiktoken");
  }

  private Tokenizer imported(Path from) throws IOException {
    TokenizerInfo info = TokenizerImporter.importInto(from, target);
    return BpeTokenizer.open(target.resolve(info.file()), info);
  }

  private static Path golden(String family) throws URISyntaxException {
    return Path.of(TokenizerImporterTest.class.getResource("/golden/" + family).toURI());
  }

  private static TokenizerJsonText json() {
    return new TokenizerJsonText(
        """
        {
          "added_tokens": [
            {"id": 0, "content": "<end>", "special": true},
            {"id": 5, "content": "<think>", "special": false}
          ],
          "normalizer": null,
          "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
          "model": {
            "type": "BPE",
            "end_of_word_suffix": "",
            "byte_fallback": false,
            "vocab": {"<end>": 0, "a": 1, "b": 2, "ab": 3, "bb": 4},
            "merges": ["a b", "b b"]
          }
        }
        """);
  }

  /** A small tokenizer.json of which a test changes one thing. */
  private record TokenizerJsonText(String text) {
    TokenizerJsonText replace(String from, String to) {
      assertThat(text).contains(from);
      return new TokenizerJsonText(text.replace(from, to));
    }

    Path write(Path directory) throws IOException {
      Files.writeString(directory.resolve("tokenizer.json"), text);
      return directory;
    }
  }
}
