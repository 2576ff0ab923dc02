package io.millrace.engine.schedule.draft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PromptLookupTest {

  @Test
  void shouldContinueTheLatestOccurrenceOfTheLongestNgram() {
    PromptLookup lookup = new PromptLookup(3, 2);
    int[] tokens = {1, 2, 3, 4, 9, 2, 3, 5, 8, 1, 2, 3};
    assertThat(lookup.guess(tokens, tokens.length, 3)).containsExactly(4, 9, 2);
    int[] shorter = {1, 2, 3, 4, 2, 3, 5, 8, 7, 2, 3};
    assertThat(new PromptLookup(3, 2).guess(shorter, shorter.length, 2)).containsExactly(5, 8);
  }

  @Test
  void shouldGuessNothingBehindWhatIsNew() {
    PromptLookup lookup = new PromptLookup(3, 2);
    assertThat(lookup.guess(new int[] {1}, 1, 4)).isEmpty();
    assertThat(lookup.guess(new int[] {1, 2, 3, 2, 4}, 5, 4)).isEmpty();
  }

  @Test
  void shouldGoOnWithALoop() {
    int[] tokens = {7, 1, 2, 1, 2};
    assertThat(new PromptLookup(2, 2).guess(tokens, 5, 5)).containsExactly(1, 2, 1, 2, 1);
  }

  @Test
  void shouldFindMostOfWhatASearchFindsAndNeverAnotherPlace() {
    Random random = new Random(3);
    int[] tokens = random.ints(5000, 0, 6).toArray();
    for (int n = 1; n <= 4; n++) {
      NgramIndex index = new NgramIndex(n);
      int there = 0;
      int found = 0;
      for (int length = 1; length <= tokens.length; length += 1 + random.nextInt(5)) {
        int end = index.find(tokens, length);
        int expected = search(tokens, length, n);
        there += expected >= 0 ? 1 : 0;
        if (end >= 0) {
          assertThat(end).isEqualTo(expected);
          found++;
        }
      }
      assertThat(found).as("of %d n-grams of %d", there, n).isGreaterThan(there * 4 / 5);
    }
  }

  @Test
  void shouldNameTheSettingThatIsWrong() {
    assertThatThrownBy(() -> new Drafting(-1, 3, 2))
        .hasMessageContaining("engine.draft-rows is -1");
    assertThatThrownBy(() -> new Drafting(8, 3, 0))
        .hasMessageContaining("engine.draft-shortest-ngram is 0");
    assertThatThrownBy(() -> new Drafting(8, 9, 2))
        .hasMessageContaining("engine.draft-longest-ngram is 9");
  }

  private static int search(int[] tokens, int length, int n) {
    for (int end = length - 1; end >= n; end--) {
      int same = 0;
      while (same < n && tokens[end - 1 - same] == tokens[length - 1 - same]) {
        same++;
      }
      if (same == n) {
        return end;
      }
    }
    return -1;
  }
}
