package io.millrace.engine.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A million characters of any kind are encoded or refused in seconds. In quadratic time, as without
 * the limits, one of them would take minutes.
 */
class HostileTextTest {
  private static final int MILLION = 1_000_000;

  private final Tokenizer qwen = QwenFixture.qwen();

  static Stream<Arguments> texts() {
    Map<String, String> texts = new TreeMap<>();
    texts.put("one run of letters", "a".repeat(MILLION));
    texts.put("runs as long as allowed", ("a".repeat(99_999) + " ").repeat(10));
    texts.put("random letters in such runs", words(99_999, new Random(1)));
    texts.put("spaces", " ".repeat(MILLION));
    texts.put("spaces before words", (" ".repeat(9_999) + "x").repeat(100));
    texts.put("line breaks", "\n".repeat(MILLION));
    texts.put("spaces and line breaks", " \r\n".repeat(MILLION / 3));
    texts.put("apostrophes", "'".repeat(MILLION));
    texts.put("short forms", "'s".repeat(MILLION / 2));
    texts.put("digits", "7".repeat(MILLION));
    texts.put("ideographs", "\u6f22".repeat(MILLION));
    texts.put("emoji", "\ud83d\ude00".repeat(MILLION / 2));
    texts.put("half surrogate pairs", "\ud83d".repeat(MILLION));
    texts.put("marks on one letter", "a" + "\u0301\u0316".repeat(MILLION / 2));
    texts.put("many marks on many letters", ("a" + "\u0301".repeat(999)).repeat(1_000));
    texts.put("jamo that compose", "\u1100\u1161\u11a8".repeat(MILLION / 3));
    texts.put("control tokens", "<|im_end|>".repeat(MILLION / 10));
    texts.put("zeros", "\0".repeat(MILLION));
    return texts.entrySet().stream().map(t -> Arguments.of(t.getKey(), t.getValue()));
  }

  private static String words(int length, Random random) {
    IntFunction<String> letter = i -> Character.toString('a' + random.nextInt(26));
    StringBuilder text = new StringBuilder(MILLION);
    while (text.length() < MILLION) {
      text.append(text.length() % (length + 1) == length ? " " : letter.apply(0));
    }
    return text.toString();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldBeEncodedOrRefusedInTime(String name, String text) {
    Throwable refusal = catchThrowable(() -> qwen.encode(text));

    assertThat(refusal == null || refusal instanceof IllegalArgumentException)
        .as("%s", refusal)
        .isTrue();
  }

  @Test
  void shouldNameTooManyMarks() {
    String good = "xyz" + "\u0301".repeat(LongRuns.MAX_MARKS);

    assertThat(qwen.encode(good)).isNotEmpty();
    assertThat(catchThrowable(() -> qwen.encode(good + "\u0301")))
        .hasMessageStartingWith(
            "the text has more than 1000 combining marks on the character before offset 3:");
  }
}
