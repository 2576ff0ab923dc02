package io.millrace.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.GenerationRequest;
import io.millrace.operators.serving.EngineUnavailableException;
import io.millrace.operators.testing.Requests;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.Completion;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** What a snapshot holds, at any parallelism. */
class RestoreTest {
  private final ConversationOptions options = ConversationOptions.defaults();

  @Test
  void shouldSubmitAgainWhatWasNotAnswered() throws Exception {
    OperatorSubtaskState state;
    List<GenerationRequest> before;
    try (OperatorHarness operator = OperatorHarness.start(options)) {
      operator.send(Requests.turn("a", "a1"));
      operator.answer("a1");
      operator.send(Requests.turn("a", "a2"));
      operator.send(Requests.turn("a", "a3"));
      operator.send(Requests.turn("b", "b1"));
      state = operator.snapshot();
      before = operator.engine.seen();
      operator.answer("a2");
    }

    try (OperatorHarness operator = OperatorHarness.restore(options, state, 1, 0)) {
      assertThat(operator.engine.running()).containsExactlyInAnyOrder("a2", "b1");
      assertThat(operator.engine.seen())
          .as("the same prompts with the same seeds as before the failure")
          .usingRecursiveFieldByFieldElementComparator()
          .containsExactlyInAnyOrder(before.get(1), before.get(2));
      operator.send(Requests.turn("a", "a3"));
      operator.answer("a2");
      operator.answer("a3");
      operator.answer("b1");

      assertThat(operator.ends()).containsExactly("a2 STOP", "a3 STOP", "b1 STOP");
      assertThat(operator.completions()).extracting(Completion::getTurn).containsExactly(2, 3, 1);
    }
  }

  @Test
  void shouldRefuseTokensOfAnotherModel() throws Exception {
    OperatorSubtaskState state;
    try (OperatorHarness operator = OperatorHarness.start(options)) {
      state = operator.snapshot();
    }

    assertThatThrownBy(
            () -> OperatorHarness.restore(options, state, 1, 0, new TestEngine("chatml")))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContainingAll("qwen2-", "chatml-", "model.directory", "checkpoints.directory");
  }

  @Test
  void shouldCarryConversationsToOtherSubtasksAndBack() throws Exception {
    OperatorSubtaskState state;
    try (OperatorHarness operator = OperatorHarness.start(options)) {
      for (int i = 0; i < 20; i++) {
        operator.send(Requests.turn("c" + i, "c" + i + "-1"));
        operator.answer("c" + i + "-1");
        operator.send(Requests.turn("c" + i, "c" + i + "-2"));
      }
      state = operator.snapshot();
    }

    List<OperatorSubtaskState> parts = new ArrayList<>();
    int answered = 0;
    for (int subtask = 0; subtask < 3; subtask++) {
      OperatorSubtaskState part =
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              state, OperatorHarness.MAX_PARALLELISM, 1, 3, subtask);
      try (OperatorHarness operator = OperatorHarness.restore(options, part, 3, subtask)) {
        List<String> running = operator.engine.running();
        assertThat(running).as("each of three has some").isNotEmpty().hasSizeLessThan(20);
        for (String id : running.subList(0, running.size() / 2)) {
          operator.answer(id);
          answered++;
        }
        parts.add(operator.snapshot());
      }
    }

    OperatorSubtaskState whole =
        AbstractStreamOperatorTestHarness.repackageState(
            parts.toArray(OperatorSubtaskState[]::new));
    OperatorSubtaskState one =
        AbstractStreamOperatorTestHarness.repartitionOperatorState(
            whole, OperatorHarness.MAX_PARALLELISM, 3, 1, 0);
    try (OperatorHarness operator = OperatorHarness.restore(options, one, 1, 0)) {
      assertThat(operator.engine.running()).hasSize(20 - answered);
      for (String id : operator.engine.running()) {
        operator.answer(id);
      }
      assertThat(operator.completions()).hasSize(20 - answered).allMatch(c -> c.getTurn() == 2);
    }
  }

  @Test
  void shouldHoldWatermarksBehindRestoredRequests() throws Exception {
    OperatorSubtaskState state;
    try (OperatorHarness operator = OperatorHarness.start(options)) {
      operator.send(Requests.turn("a", "a1"), 100);
      state = operator.snapshot();
    }

    try (OperatorHarness operator = OperatorHarness.restore(options, state, 1, 0)) {
      operator.flink.processWatermark(150);
      assertThat(operator.watermarks()).containsExactly(99L);
      operator.answer("a1");
      assertThat(operator.watermarks()).containsExactly(99L, 150L);
    }
  }

  @Test
  void shouldNotHearAnEngineOfTheLifeBefore() throws Exception {
    OperatorHarness operator = OperatorHarness.start(options);
    operator.send(Requests.turn("a", "a1"));
    operator.close();

    assertThat(operator.engine.isClosed()).isTrue();
    assertThat(operator.engine.running()).as("closing cancels").isEmpty();
    assertThat(operator.completions()).isEmpty();
  }
}
