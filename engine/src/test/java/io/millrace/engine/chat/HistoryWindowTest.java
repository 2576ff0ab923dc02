package io.millrace.engine.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryWindowTest {
  private static final int[] SYSTEM = {1, 2};
  private static final int[] CLOSE = {9};
  private static final int[] QUERY = {3, 4, 5};

  private final TokenTurn small = new TokenTurn(new int[] {10}, new int[] {11});
  private final TokenTurn large = new TokenTurn(new int[] {20, 21, 22, 23, 24}, new int[] {25});
  private final TokenTurn silent = new TokenTurn(new int[] {30}, new int[] {});

  @Test
  void shouldLayOutAllTurnsWhereTheyFit() {
    Prompt prompt = prompt(List.of(small, silent), 10);

    assertThat(prompt.ids()).containsExactly(1, 2, 10, 11, 9, 30, 9, 3, 4, 5);
    assertThat(prompt.droppedTurns()).isZero();
  }

  @Test
  void shouldDropTheOldestWhereOneTokenIsMissing() {
    Prompt prompt = prompt(List.of(small, silent), 9);

    assertThat(prompt.ids()).containsExactly(1, 2, 30, 9, 3, 4, 5);
    assertThat(prompt.droppedTurns()).isEqualTo(1);
  }

  @Test
  void shouldStopAtTheFirstTurnThatDoesNotFit() {
    Prompt prompt = prompt(List.of(small, large, silent), 11);

    assertThat(prompt.ids()).containsExactly(1, 2, 30, 9, 3, 4, 5);
    assertThat(prompt.droppedTurns()).isEqualTo(2);
  }

  @Test
  void shouldTakeAQueryThatFillsTheLimit() {
    assertThat(prompt(List.of(small), 5).ids()).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void shouldRefuseAQueryThatExceedsTheLimit() {
    assertThatThrownBy(() -> prompt(List.of(), 4))
        .isInstanceOf(PromptTooLongException.class)
        .hasMessageContaining("has 5 tokens")
        .hasMessageContaining("limit is 4");
  }

  private static Prompt prompt(List<TokenTurn> history, int maxTokens) {
    return HistoryWindow.prompt(SYSTEM, history, CLOSE, QUERY, maxTokens);
  }
}
