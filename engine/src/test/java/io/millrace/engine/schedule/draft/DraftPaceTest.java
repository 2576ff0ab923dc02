package io.millrace.engine.schedule.draft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DraftPaceTest {

  @Test
  void shouldCostLittleWhereNothingComesTrue() {
    DraftPace pace = new DraftPace(8);
    int rows = 0;
    for (int step = 0; step < 3200; step++) {
      int draft = pace.next();
      rows += draft;
      if (draft > 0) {
        pace.learn(draft, 0);
      }
    }
    assertThat(rows).as("rows too many in 3200 steps").isBetween(1, 115);
  }

  @Test
  void shouldGrowToTheMostWhileAllComesTrue() {
    DraftPace pace = new DraftPace(16);
    for (int expected : new int[] {4, 8, 16, 16}) {
      assertThat(pace.next()).isEqualTo(expected);
      pace.learn(expected, expected);
    }
  }

  @Test
  void shouldStartAnewAfterARightGuess() {
    DraftPace pace = new DraftPace(8);
    pace.learn(pace.next(), 0);
    assertThat(pace.next()).isZero();
    assertThat(pace.next()).isEqualTo(2);
    pace.learn(2, 1);
    assertThat(pace.next()).isEqualTo(2);
    pace.learn(2, 0);
    assertThat(pace.next()).as("as short a rest as the first one").isZero();
    assertThat(pace.next()).isEqualTo(1);
  }

  @Test
  void shouldKeepToTheMost() {
    assertThat(new DraftPace(2).next()).isEqualTo(2);
  }
}
