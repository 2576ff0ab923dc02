package io.millrace.tools.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.FinishReason;
import io.millrace.schemas.RequestKind;
import io.millrace.schemas.Timings;
import io.millrace.schemas.Usage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final Script SCRIPT =
      new Script(
          0,
          List.of(
              new Step(RequestKind.TURN, "Hello", 0.8, 1, 10, true),
              Step.command(RequestKind.CANCEL),
              new Step(RequestKind.TURN, "Again", 0, 2, 10, false)));
  private static final List<Answer> ANSWERS =
      List.of(
          new Answer(1, "one two", FinishReason.LENGTH, 20, 10, List.of("one", " two")),
          Answer.confirmation(FinishReason.CANCELLED),
          new Answer(2, "three", FinishReason.LENGTH, 40, 10, List.of("three")));
  private static final String CONVERSATION = SCRIPT.conversation(3);

  private final List<ConversationRequest> sent = new ArrayList<>();
  private final List<Completion> completions = new ArrayList<>();
  private final List<CompletionChunk> chunks = new ArrayList<>();

  @BeforeEach
  void everythingIsRight() {
    for (int step = 0; step < SCRIPT.steps().size(); step++) {
      sent.add(SCRIPT.request(CONVERSATION, step));
      completions.add(completion(step, ANSWERS.get(step)));
    }
    chunks.add(chunk(0, "one", false));
    chunks.add(chunk(1, " two", false));
    chunks.add(chunk(2, "", true));
  }

  private static Completion completion(int step, Answer answer) {
    return Completion.newBuilder()
        .setRequestId(Script.requestId(CONVERSATION, step))
        .setConversationId(CONVERSATION)
        .setTurn(answer.turn())
        .setText(answer.text())
        .setFinishReason(answer.reason())
        .setUsage(
            Usage.newBuilder()
                .setPromptTokens(answer.promptTokens())
                .setCachedTokens(0)
                .setCompletionTokens(answer.completionTokens())
                .build())
        .setTimings(new Timings(0.0, 0.0, 0.0))
        .setModel("model")
        .setModelFingerprint("f00d")
        .build();
  }

  private static CompletionChunk chunk(int index, String text, boolean last) {
    return CompletionChunk.newBuilder()
        .setRequestId(Script.requestId(CONVERSATION, 0))
        .setConversationId(CONVERSATION)
        .setIndex(index)
        .setText(text)
        .setLast(last)
        .build();
  }

  private Verdict verdict() {
    return new Judge(List.of(ANSWERS)).judge(sent, completions, chunks);
  }

  @Test
  void shouldFindNothingWhenAllIsRight() {
    // Chunks may come again; a CANCEL is confirmed before what waits.
    chunks.addAll(chunks.subList(0, 2));
    completions.add(0, completions.remove(1));
    assertThat(verdict()).isEqualTo(new Verdict(3, 3, 0, 0, 0, 0));
    assertThat(verdict().isClean()).isTrue();
  }

  @Test
  void shouldFindASecondCompletion() {
    completions.add(completions.get(0));
    assertThat(verdict()).isEqualTo(new Verdict(3, 4, 1, 0, 0, 0));
    assertThat(verdict().isClean()).isFalse();
  }

  @Test
  void shouldFindAMissingCompletion() {
    completions.remove(2);
    assertThat(verdict()).isEqualTo(new Verdict(3, 2, 0, 1, 0, 0));
    assertThat(verdict().isClean()).isFalse();
  }

  @Test
  void shouldFindAWrongOrder() {
    completions.add(0, completions.remove(2));
    assertThat(verdict()).isEqualTo(new Verdict(3, 3, 0, 0, 1, 0));
    assertThat(verdict().isClean()).isFalse();
  }

  @Test
  void shouldFindAWrongText() {
    completions.set(2, completion(2, ANSWERS.get(0)));
    assertThat(verdict()).isEqualTo(new Verdict(3, 3, 0, 0, 0, 1));
    assertThat(verdict().isClean()).isFalse();
  }

  @Test
  void shouldFindAChunkThatSaysSomethingElseTheSecondTime() {
    chunks.add(chunk(1, " too", false));
    assertThat(verdict().contentMismatches()).isEqualTo(1);
  }

  @Test
  void shouldFindAMissingChunk() {
    chunks.remove(1);
    assertThat(verdict().contentMismatches()).isEqualTo(1);
  }

  @Test
  void shouldFindWhatWasGeneratedAgain() {
    assertThat(Regenerated.of(chunks)).isEmpty();
    chunks.add(chunk(0, "one", false));
    assertThat(Regenerated.of(chunks)).containsExactly(CONVERSATION + "/0");
    assertThat(Regenerated.midway(chunks)).as("the first had come to its end").isEmpty();
    chunks.add(chunk(0, "one", false));
    assertThat(Regenerated.midway(chunks)).containsExactly(CONVERSATION + "/0");
  }
}
