package io.millrace.operators.documents;

import static io.millrace.operators.documents.DocumentHarness.ATTEMPTS;
import static io.millrace.operators.documents.DocumentHarness.BACKOFF_MILLIS;
import static io.millrace.operators.documents.DocumentHarness.options;
import static io.millrace.operators.documents.DocumentHarness.paragraphs;
import static io.millrace.operators.documents.DocumentHarness.request;
import static io.millrace.operators.documents.DocumentHarness.undisturbed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.operators.conversation.ConversationOperatorFactory;
import io.millrace.operators.conversation.ConversationOptions;
import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.record.Outputs;
import io.millrace.operators.record.RecordSize;
import io.millrace.operators.record.SourceRecord;
import io.millrace.operators.testing.Requests;
import io.millrace.operators.testing.TaskHarness;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.Completion;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.Summary;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Engines that fail and die under documents, and places that documents share with others. */
class DocumentEngineTest {
  private static final DocumentOptions OPTIONS = options(SummaryStrategy.MAP_REDUCE);

  @ParameterizedTest
  @EnumSource
  void shouldGoOnWithAnotherEngineAndGiveTheSameSummary(SummaryStrategy strategy) throws Exception {
    DocumentOptions options = options(strategy);
    List<Summary> expected = undisturbed(options, request("d", paragraphs(20)));
    int prompts = expected.get(0).getPrompts();
    for (int before : new int[] {0, 1, 13, prompts - 1}) {
      try (DocumentHarness documents = DocumentHarness.start(options, new TestEngine(4))) {
        documents.send(request("d", paragraphs(20)));
        for (int i = 0; i < before; i++) {
          documents.answer(documents.engine.running().get(0));
        }
        TestEngine dead = documents.engine;
        documents.die();
        assertThat(dead.isClosed()).isTrue();
        documents.answerAll();

        assertThat(documents.summaries()).isEqualTo(expected);
        assertThat(documents.asked()).as("of the next engine").hasSize(prompts - before);
        assertThat(documents.deadLetters()).isEmpty();
      }
    }
  }

  @Test
  void shouldGiveUpTheDocumentThatKillsEnginesAndNoOther() throws Exception {
    List<Summary> expected =
        undisturbed(OPTIONS, request("a", paragraphs(3)), request("c", paragraphs(5)));
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("a", paragraphs(3)));
      documents.send(request("bad", paragraphs(3)));
      documents.send(request("c", paragraphs(5)));
      documents.die("a/0/1", "bad/0/2", "c/0/0");
      assertThat(documents.engine.running())
          .as("only what the engine did not work on goes on at once")
          .doesNotContain("a/0/1", "bad/0/2", "c/0/0")
          .contains("a/0/0", "bad/0/0");
      for (int deaths = 1; deaths < ATTEMPTS; deaths++) {
        while (!documents.engine.running().equals(List.of("bad/0/2"))) {
          if (documents.engine.running().isEmpty()) {
            documents.advance(100 * BACKOFF_MILLIS);
          }
          List<String> harmless = new ArrayList<>(documents.engine.running());
          harmless.remove("bad/0/2");
          documents.answer(harmless.get(0));
        }
        documents.die("bad/0/2");
        documents.advance(100 * BACKOFF_MILLIS);
      }
      documents.answerAll();

      assertThat(documents.summaries()).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(documents.deadLetters()).hasSize(1);
      DeadLetter letter = documents.deadLetters().get(0);
      assertThat(letter.getRequestId()).isEqualTo("bad");
      assertThat(letter.getStage()).isEqualTo(DeadLetterStage.GENERATE);
      assertThat(letter.getError()).contains("failed 3 times", "on purpose");
    }
  }

  @Test
  void shouldTryAgainThoughTheClockIsSetBackMeanwhile() throws Exception {
    List<Summary> expected = undisturbed(OPTIONS, request("d", paragraphs(3)));
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", paragraphs(3)));
      documents.fail("d/0/1");
      documents.setClockBack(3_600_000);
      documents.advance(BACKOFF_MILLIS - 1);
      assertThat(documents.engine.running()).containsExactly("d/0/0", "d/0/2");

      documents.advance(1);
      documents.answerAll();

      assertThat(documents.summaries()).isEqualTo(expected);
    }
  }

  @Test
  void shouldTryASuspectAlone() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", paragraphs(4)));
      documents.die("d/0/1", "d/0/2");
      documents.advance(BACKOFF_MILLIS);
      assertThat(documents.engine.running()).containsExactly("d/0/0", "d/0/3");
      documents.answer("d/0/0");
      documents.answer("d/0/3");
      assertThat(documents.engine.running()).hasSize(1);
      documents.send(request("e", paragraphs(1)));
      assertThat(documents.engine.running()).hasSize(1).doesNotContain("e/0/0");
      documents.answerAll();
      assertThat(documents.summaries())
          .extracting(Summary::getDocumentId)
          .containsExactlyInAnyOrder("d", "e");
    }
  }

  @Test
  void shouldRememberAttemptsAndSuspectsInItsState() throws Exception {
    OperatorSubtaskState state;
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", paragraphs(2)));
      documents.die("d/0/0", "d/0/1");
      state = documents.snapshot();
    }
    try (DocumentHarness documents = DocumentHarness.restore(OPTIONS, state, new TestEngine())) {
      for (int attempt = 2; attempt <= ATTEMPTS; attempt++) {
        assertThat(documents.engine.running()).as("one of two, alone").hasSize(1);
        if (documents.engine.running().contains("d/0/1")) {
          documents.answer("d/0/1");
        }
        documents.die("d/0/0");
        documents.advance(100 * BACKOFF_MILLIS);
      }
      assertThat(documents.deadLetters()).hasSize(1);
      assertThat(documents.deadLetters().get(0).getError()).contains("failed 3 times");
    }
  }

  @Test
  void shouldTryAgainAndThenGiveTheOriginalBack() throws Exception {
    List<Summary> expected = undisturbed(OPTIONS, request("e", paragraphs(3)));
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", paragraphs(3)));
      documents.send(request("e", paragraphs(3)));
      documents.fail("d/0/1");
      assertThat(documents.engine.running()).doesNotContain("d/0/1").contains("d/0/0", "d/0/2");
      documents.advance(BACKOFF_MILLIS);
      documents.fail("d/0/1");
      documents.advance(BACKOFF_MILLIS);
      assertThat(documents.engine.running()).as("the wait doubles").doesNotContain("d/0/1");
      documents.advance(BACKOFF_MILLIS);
      documents.fail("d/0/1");

      DeadLetter letter = documents.deadLetters().get(0);
      assertThat(letter.getStage()).isEqualTo(DeadLetterStage.GENERATE);
      assertThat(letter.getError()).contains("failed 3 times", "no luck with d/0/1");
      assertThat(letter.getRequestId()).isEqualTo("d");
      assertThat(letter.getOriginal().array()).containsExactly(2, 3);
      assertThat(letter.getOffset()).isEqualTo(42);
      assertThat(documents.engine.running())
          .as("the rest of it is cancelled")
          .containsExactly("e/0/0", "e/0/1", "e/0/2");
      documents.answerAll();
      assertThat(documents.summaries()).isEqualTo(expected);
    }
  }

  @Test
  void shouldGiveADocumentBackWhoseSummaryIsTooLongForARecord() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("long", "A text."));
      documents.send(request("fits", "A text."));
      documents.engine.answer("long/0/0", "字".repeat(RecordSize.MAX_ANSWER / 3));
      documents.engine.answer("fits/0/0", "字".repeat(RecordSize.MAX_ANSWER / 3 - 1000));
      documents.deliver();

      assertThat(documents.summaries()).extracting(Summary::getDocumentId).containsExactly("fits");
      DeadLetter letter = documents.deadLetters().get(0);
      assertThat(letter.getRequestId()).isEqualTo("long");
      assertThat(letter.getStage()).isEqualTo(DeadLetterStage.EMIT);
      assertThat(letter.getError())
          .contains("a record at most " + RecordSize.MAX_ANSWER, "documents.max-new-tokens");
      assertThat(letter.getOriginal().array()).containsExactly(2, 3);
    }
  }

  @Test
  void shouldFailTheJobWhereEveryEngineDies() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      for (int i = 0; i < 20; i++) {
        documents.send(request("d" + i, paragraphs(1)));
      }
      assertThatThrownBy(
              () -> {
                for (int deaths = 0; deaths < 20; deaths++) {
                  documents.die(documents.engine.running().toArray(String[]::new));
                  documents.advance(1000 * BACKOFF_MILLIS);
                }
              })
          .hasMessageContaining("no single request is to blame");
      assertThat(documents.deadLetters()).hasSizeLessThan(5);
    }
  }

  @Test
  void shouldKeepWithinTheEnginesPlacesTheFirstDocumentsFirst() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS, new TestEngine(4))) {
      documents.send(request("a", paragraphs(3)));
      documents.send(request("b", paragraphs(3)));
      assertThat(documents.engine.running()).containsExactly("a/0/0", "a/0/1", "a/0/2", "b/0/0");
      assertThat(documents.engine.admission().waiting()).as("places asked for at a time").isOne();
      documents.answer("a/0/0");
      assertThat(documents.engine.running()).containsExactly("a/0/1", "a/0/2", "b/0/0", "b/0/1");
      documents.answer("a/0/1");
      documents.answer("a/0/2");
      assertThat(documents.engine.running()).contains("a/1/0");
      documents.answerAll();
      assertThat(documents.summaries())
          .extracting(Summary::getDocumentId)
          .containsExactlyInAnyOrder("a", "b");
      assertThat(documents.engine.admission().holders()).isZero();
    }
  }

  @Test
  void shouldGiveAnotherTenantItsPart() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS, new TestEngine(2))) {
      documents.send(request("flood", paragraphs(9)).setTenant("flood"));
      documents.send(request("calm", paragraphs(1)).setTenant("calm"));
      assertThat(documents.engine.running()).containsExactly("flood/0/0", "flood/0/1", "calm/0/0");
    }
  }

  @Test
  void shouldShareTheBoundWithConversations() throws Exception {
    TestEngine shared = new TestEngine(2);
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS, shared);
        TaskHarness<SourceRecord, Completion> conversations = conversations(shared)) {
      documents.send(request("d", paragraphs(4)).setPriority(-OPTIONS.priority()));
      conversations.flink.processElement(turn("equal", 0));
      conversations.flink.processElement(turn("later", 0));
      assertThat(shared.running()).containsExactly("d/0/0", "d/0/1");

      conversations.flink.processElement(turn("urgent", 1));
      assertThat(shared.running()).containsExactly("d/0/0", "d/0/1", "urgent");
      shared.answer("urgent");
      shared.answer("d/0/0");
      documents.deliver();
      conversations.deliver();
      assertThat(shared.running()).as("whose turn it is").containsExactly("d/0/1", "d/0/2");
      documents.answer("d/0/1");
      conversations.deliver();
      assertThat(shared.running()).containsExactly("d/0/2", "equal");
    }
  }

  private static TaskHarness<SourceRecord, Completion> conversations(TestEngine engine)
      throws Exception {
    return new TaskHarness<>(
        new ConversationOperatorFactory(
            TaskHarness.ENGINES, ConversationOptions.defaults(), FlowControl.of("test")),
        SourceRecord::conversationId,
        Outputs.COMPLETION,
        null,
        1,
        0,
        engine);
  }

  private static StreamRecord<SourceRecord> turn(String id, int priority) {
    return new StreamRecord<>(Requests.source(Requests.turn(id, id).setPriority(priority).build()));
  }

  @Test
  void shouldLeaveItsPlacesWhenATaskEnds() throws Exception {
    TestEngine shared = new TestEngine(2);
    DocumentHarness one = DocumentHarness.start(OPTIONS, shared);
    try (DocumentHarness other = DocumentHarness.start(OPTIONS, shared)) {
      one.send(request("a", paragraphs(5)));
      other.send(request("b", paragraphs(2)));
      assertThat(shared.running()).containsExactly("a/0/0", "a/0/1");
      one.close();
      assertThat(shared.admission().holders()).as("granted to the other task").isOne();
      assertThat(shared.admission().waiting()).isZero();
    }
  }
}
