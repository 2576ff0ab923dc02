package io.millrace.engine.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What must hold for any text: 3,000 random ones for each property. */
class TokenizerPropertyTest {
  private static final int ROUNDS = 3_000;

  private final Random random = new Random(20240229);
  private final Tokenizer qwen = QwenFixture.qwen();

  @Test
  void shouldDecodeAnyTextToItsNormalForm() {
    for (int round = 0; round < ROUNDS; round++) {
      String text = randomText();

      assertThat(qwen.decode(qwen.encode(text)))
          .isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC));
    }
  }

  @Test
  void shouldStreamWhatItDecodesAtOnceAndNeverHalfACharacter() {
    for (int round = 0; round < ROUNDS; round++) {
      String text = Normalizer.normalize(randomText(), Normalizer.Form.NFC);
      // One id a byte: every possible split of every character.
      int[] ids = round % 2 == 0 ? qwen.encode(text) : singleBytes(text);
      StreamingDecoder decoder = qwen.streamingDecoder();
      StringBuilder streamed = new StringBuilder();

      for (int id : ids) {
        String part = decoder.next(id);
        assertThat(part).doesNotContain("\uFFFD");
        assertThat(part.codePoints()).noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
        streamed.append(part);
      }

      assertThat(streamed.toString()).isEqualTo(text);
    }
  }

  @Test
  void shouldStreamAnyIdsAsItDecodesThemAtOnce() {
    for (int round = 0; round < ROUNDS; round++) {
      // A whole character at the end shows what came before it.
      IntStream any = random.ints(random.nextInt(40), 0, qwen.vocabularySize());
      int[] ids = IntStream.concat(any, IntStream.of(qwen.encode("."))).toArray();
      StreamingDecoder decoder = qwen.streamingDecoder();
      StringBuilder streamed = new StringBuilder();

      IntStream.of(ids).forEach(id -> streamed.append(decoder.next(id)));

      assertThat(streamed.toString()).as("%s", Arrays.toString(ids)).isEqualTo(qwen.decode(ids));
    }
  }

  @Test
  void shouldNeverMakeAControlTokenOfText() {
    List<String> names = List.copyOf(qwen.controlTokens().keySet());
    int first = qwen.controlToken("<|endoftext|>");
    for (int round = 0; round < ROUNDS; round++) {
      StringBuilder text = new StringBuilder();
      for (int part = random.nextInt(6); part >= 0; part--) {
        text.append(random.nextBoolean() ? names.get(random.nextInt(names.size())) : randomText());
      }

      int[] ids = qwen.encode(text.toString());

      assertThat(IntStream.of(ids).max().orElse(0)).as(text.toString()).isLessThan(first);
    }
  }

  @Test
  void shouldSurviveAnySequenceOfChars() {
    for (int round = 0; round < ROUNDS; round++) {
      char[] chars = new char[random.nextInt(30)];
      for (int i = 0; i < chars.length; i++) {
        chars[i] =
            (char) (random.nextBoolean() ? 0xD800 + random.nextInt(0x800) : random.nextInt());
      }
      String text = new String(chars);
      String wellFormed =
          text.replaceAll(
              "(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])", "\uFFFD");

      assertThat(qwen.decode(qwen.encode(text)))
          .isEqualTo(Normalizer.normalize(wellFormed, Normalizer.Form.NFC));
    }
  }

  private int[] singleBytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) {
      byte[] one = {bytes[i]};
      ids[i] =
          IntStream.range(0, 256)
              .filter(id -> Arrays.equals(qwen.bytes(id), one))
              .findFirst()
              .orElseThrow();
    }
    return ids;
  }

  /** Any characters of any plane, short words of one block, white space, but no half pairs. */
  private String randomText() {
    StringBuilder text = new StringBuilder();
    for (int word = random.nextInt(8); word >= 0; word--) {
      int block = random.nextInt(3) == 0 ? random.nextInt(0x110000) : random.nextInt(0x3000);
      for (int length = random.nextInt(6); length >= 0; length--) {
        int c = Math.min(block + random.nextInt(64), 0x10FFFF);
        if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
          // The replacement character itself would hide a broken one.
          text.appendCodePoint(c == 0xFFFD ? ' ' : c);
        }
      }
      text.append(" \t\n\r\u00a0\u3000'".charAt(random.nextInt(7)));
    }
    return text.toString();
  }
}
