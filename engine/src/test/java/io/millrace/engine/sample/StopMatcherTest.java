package io.millrace.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopMatcherTest {

  @Test
  void shouldCutBeforeAStopStringThatStraddlesPieces() {
    StopMatcher matcher = new StopMatcher(List.of("Observation:"));
    assertThat(matcher.append("so Obser")).isEqualTo("so ");
    assertThat(matcher.append("vation")).isEmpty();
    assertThat(matcher.matched()).isFalse();
    assertThat(matcher.append(": 7")).isEmpty();
    assertThat(matcher.matched()).isTrue();
    assertThat(matcher.append("more")).isEmpty();
    assertThat(matcher.flush()).isEmpty();
  }

  @Test
  void shouldGiveOutWhatTurnsOutNotToBeAStopString() {
    StopMatcher matcher = new StopMatcher(List.of("aab"));
    assertThat(matcher.append("aa")).isEmpty();
    assertThat(matcher.append("a")).isEqualTo("a");
    assertThat(matcher.append("c")).isEqualTo("aac");
    assertThat(matcher.append("xa")).isEqualTo("x");
    assertThat(matcher.flush()).isEqualTo("a");
  }

  @Test
  void shouldTakeTheOneThatEndsFirstThenTheLongest() {
    assertThat(new StopMatcher(List.of("bcd", "c")).append("abcd")).isEqualTo("ab");
    assertThat(new StopMatcher(List.of("d", "bcd")).append("abcd")).isEqualTo("a");
  }

  @Test
  void shouldPassEverythingOnWithoutStopStrings() {
    StopMatcher matcher = new StopMatcher(List.of());
    assertThat(matcher.append("any")).isEqualTo("any");
    assertThat(matcher.flush()).isEmpty();
  }

  /** Over a two-letter alphabet, cut into random pieces, against a search in the whole text. */
  @Test
  void shouldAgreeWithASearchInTheWholeText() {
    Random random = new Random(4);
    for (int round = 0; round < 20_000; round++) {
      List<String> stops = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        stops.add(randomText(random, 1 + random.nextInt(6)));
      }
      String text = randomText(random, random.nextInt(20));
      StopMatcher matcher = new StopMatcher(stops);
      StringBuilder out = new StringBuilder();
      for (int from = 0; from < text.length() && !matcher.matched(); ) {
        int to = Math.min(text.length(), from + 1 + random.nextInt(4));
        out.append(matcher.append(text.substring(from, to)));
        assertThat(text.substring(0, to)).startsWith(out);
        from = to;
      }
      out.append(matcher.flush());
      assertThat(out.toString()).as("%s in %s", stops, text).isEqualTo(cut(text, stops));
    }
  }

  private static String cut(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String head = text.substring(0, end);
      int longest = stops.stream().filter(head::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return head.substring(0, end - longest);
      }
    }
    return text;
  }

  private static String randomText(Random random, int length) {
    return random.ints(length, 'a', 'c').mapToObj(Character::toString).reduce("", String::concat);
  }
}
