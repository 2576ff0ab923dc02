package io.millrace.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.FinishReason;
import io.millrace.schemas.Timings;
import io.millrace.schemas.TrustedRecords;
import io.millrace.schemas.Usage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScoreboardTest {

  static {
    TrustedRecords.register();
  }

  private final Scoreboard board =
      new Scoreboard(List.of(turn("a1", 1, "Your name is Alice."), turn("a2", 2, null)));

  private static Turn turn(String id, int number, String expected) {
    return new Turn(
        ConversationRequest.newBuilder()
            .setRequestId(id)
            .setConversationId("a")
            .setText("hello")
            .build(),
        number,
        Optional.ofNullable(expected));
  }

  private static Completion completion(String id, String text, int cached) {
    return Completion.newBuilder()
        .setRequestId(id)
        .setConversationId("a")
        .setTurn(1)
        .setText(text)
        .setFinishReason(FinishReason.STOP)
        .setUsage(
            Usage.newBuilder()
                .setPromptTokens(40)
                .setCachedTokens(cached)
                .setCompletionTokens(5)
                .build())
        .setTimings(Timings.newBuilder().setQueuedMs(0).setFirstTokenMs(1).setTotalMs(2).build())
        .setModel("m")
        .setModelFingerprint("f")
        .build();
  }

  private static DeadLetter deadLetter(String requestId) {
    return DeadLetter.newBuilder()
        .setStage(DeadLetterStage.DECODE)
        .setError("no")
        .setRequestId(requestId)
        .setOriginal(null)
        .setTopic("t")
        .setPartition(0)
        .setOffset(0)
        .build();
  }

  private static CompletionChunk chunk(int index) {
    return CompletionChunk.newBuilder()
        .setRequestId("a1")
        .setConversationId("a")
        .setIndex(index)
        .setText("x")
        .build();
  }

  @Test
  void shouldBeFinishedWithTheLastAnswerAndTheDeadLetter() {
    board.completed(completion("a1", "your NAME is alice", 0));
    board.completed(completion("a2", "hi", 30));
    assertThat(board.isFinished()).isFalse();
    board.deadLettered(deadLetter(null));
    assertThat(board.isFinished()).isTrue();
    assertThat(board.right()).isEqualTo(1);
    assertThat(board.expected()).isEqualTo(1);
    assertThat(board.cachedTokens()).isEqualTo(30);
    assertThat(board.laterTurnsWithoutCache()).isZero();
  }

  @Test
  void shouldCountAnAnswerOnce() {
    assertThat(board.completed(completion("a1", "Bob", 0))).isPresent();
    assertThat(board.completed(completion("a1", "Bob", 0))).isEmpty();
    assertThat(board.completed(completion("other", "Bob", 0))).isEmpty();
    assertThat(board.completions()).isEqualTo(1);
    assertThat(board.right()).isZero();
  }

  @Test
  void shouldEndARequestWithItsDeadLetter() {
    board.deadLettered(deadLetter("a2"));
    assertThat(board.open()).extracting(Turn::id).containsExactly("a1");
  }

  @Test
  void shouldNoticeALaterTurnThatWasComputedAgain() {
    board.completed(completion("a2", "hi", 0));
    assertThat(board.laterTurnsWithoutCache()).isEqualTo(1);
  }

  @Test
  void shouldTakeChunksThatAreSentAgainOnce() {
    assertThat(board.isNew(chunk(0))).isTrue();
    assertThat(board.isNew(chunk(1))).isTrue();
    assertThat(board.isNew(chunk(0))).isFalse();
    assertThat(board.isNew(chunk(2))).isTrue();
    assertThat(board.chunks()).isEqualTo(3);
  }

  @Test
  void shouldRefuseTwoTurnsOfOneId() {
    assertThatThrownBy(() -> new Scoreboard(List.of(turn("a", 1, null), turn("a", 2, null))))
        .hasMessageContaining("same request_id");
  }
}
