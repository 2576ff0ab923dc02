package io.millrace.engine.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.TokenizerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTokenizerTest {
  private final Tokenizer qwen = QwenFixture.qwen();

  @Test
  void shouldEncodeTheTextOfAControlTokenAsText() {
    assertThat(qwen.encode("print(\"<|endoftext|>\")"))
        .containsExactly(1350, 9639, 91, 8691, 723, 427, 91, 82598);
  }

  @Test
  void shouldNormalizeToComposedCharacters() {
    assertThat(qwen.encode("cafe\u0301")).isEqualTo(qwen.encode("caf\u00e9"));
  }

  @Test
  void shouldDecodeWhatItEncoded() {
    String text = "Grüße, 世界! 👩‍👩‍👧‍👦\r\n\tx = 42;";

    assertThat(qwen.decode(qwen.encode(text))).isEqualTo(text);
  }

  @Test
  void shouldEncodeNothingAsNoIds() {
    assertThat(qwen.encode("")).isEmpty();
    assertThat(qwen.decode(new int[0])).isEmpty();
  }

  @Test
  void shouldShowHalfASurrogatePairAsReplacementCharacter() {
    assertThat(qwen.decode(qwen.encode("a\uD83Db\uDE00c\uD83D")))
        .isEqualTo("a\uFFFDb\uFFFDc\uFFFD");
  }

  @Test
  void shouldKnowControlTokensOnlyAsIds() {
    assertThat(qwen.controlToken("<|endoftext|>")).isEqualTo(151643);
    assertThat(qwen.controlToken("<|im_start|>")).isEqualTo(151644);
    assertThat(qwen.controlToken("<|im_end|>")).isEqualTo(151645);
    assertThat(qwen.controlToken("<|extra_204|>")).isEqualTo(151850);
    assertThat(qwen.controlToken("<|nonsense|>")).isEqualTo(-1);
    assertThat(qwen.vocabularySize()).isEqualTo(151851);
    assertThat(qwen.decode(new int[] {151644, 9707, 151645})).isEqualTo("Hello");
  }

  @Test
  void shouldShowTheTextOfVisibleControlTokens() {
    Tokenizer qwen3 = QwenFixture.qwen3();
    int think = qwen3.controlToken("<think>");

    assertThat(think).isEqualTo(151667);
    assertThat(qwen3.decode(new int[] {think, 198, 151645})).isEqualTo("<think>\n");
  }

  @Test
  void shouldNameAnIdThatDoesNotExist() {
    assertThatThrownBy(() -> qwen.decode(new int[] {1, 151851}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token id 151851 does not exist: ids run from 0 to 151850");
    assertThatThrownBy(() -> qwen.bytes(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token id -1");
    assertThatThrownBy(() -> qwen.streamingDecoder().next(Integer.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldRefuseARunWithoutBreakAndSayWhere() {
    String run = "x".repeat(qwen.maxRunLength());

    assertThat(qwen.decode(qwen.encode("1" + run))).hasSize(1 + run.length());
    assertThatThrownBy(() -> qwen.encode("12" + run + run))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("200000 characters")
        .hasMessageContaining("offset 2");
  }

  @Test
  void shouldTakeLongTextsWithBreaks() {
    String text = "long text ".repeat(qwen.maxRunLength() / 5);

    assertThat(qwen.decode(qwen.encode(text))).isEqualTo(text);
  }

  @Test
  void shouldHandOutCopiesOfItsBytes() {
    qwen.bytes(9707)[0] = 'J';

    assertThat(qwen.decode(new int[] {9707})).isEqualTo("Hello");
  }

  @Test
  void shouldSkipBytesThatTheVocabularyLacks(@TempDir Path directory) throws IOException {
    Tokenizer tiny = tokenizer(directory, "YQ== 0\nYg== 1\nYWI= 2\n", Map.of("<end>", 3), 4);

    assertThat(tiny.encode("abzab")).containsExactly(2, 2);
  }

  @Test
  void shouldRefuseAVocabularySmallerThanTheRanks(@TempDir Path directory) {
    assertThatThrownBy(() -> tokenizer(directory, "YQ== 7\n", Map.of(), 7))
        .hasMessageContaining("has rank 7, but tokenizer.vocabularySize is 7");
  }

  @Test
  void shouldRefuseAControlTokenOnAnotherTokensId(@TempDir Path directory) {
    assertThatThrownBy(() -> tokenizer(directory, "YQ== 0\n", Map.of("<end>", 0), 2))
        .hasMessageContaining("<end> = 0");
  }

  @Test
  void shouldNameTheBrokenLineOfARanksFile(@TempDir Path directory) {
    assertThatThrownBy(() -> tokenizer(directory, "YQ== 0\nYg==1\n", Map.of(), 2))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 2: \"Yg==1\"");
  }

  private static Tokenizer tokenizer(
      Path directory, String ranks, Map<String, Integer> control, int size) throws IOException {
    Path file = Files.writeString(directory.resolve("ranks"), ranks);
    return BpeTokenizer.open(
        file, new TokenizerInfo("ranks", "nfc", Patterns.QWEN, control, size, Set.of()));
  }
}
