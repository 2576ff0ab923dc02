package io.millrace.operators.documents;

import static io.millrace.operators.documents.DocumentHarness.options;
import static io.millrace.operators.documents.DocumentHarness.paragraphs;
import static io.millrace.operators.documents.DocumentHarness.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.FinishReason;
import io.millrace.engine.GenerationRequest;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.SamplingOptions;
import io.millrace.schemas.Summary;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentOperatorTest {
  private static final DocumentOptions OPTIONS = options(SummaryStrategy.MAP_REDUCE);

  @Test
  void shouldSummariseWithOnePromptWhatFitsIt() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", "A short text.").setMetadata(Map.of("k", "v")).setPriority(3));
      assertThat(documents.prompt("d/0/0")).contains("part: A short text.");
      GenerationRequest asked = documents.engine.seen().get(0);
      assertThat(asked.priority()).isEqualTo(3 - 7);
      assertThat(asked.sampling().maxNewTokens()).isEqualTo(DocumentHarness.MAX_NEW_TOKENS);
      documents.answerAll();

      Summary summary = documents.summaries().get(0);
      assertThat(summary.getText()).isEqualTo(TestEngine.answerTo(asked.prompt()));
      assertThat(summary.getDocumentId()).isEqualTo("d");
      assertThat(summary.getLanguage()).isEqualTo("en");
      assertThat(summary.getStrategy()).isEqualTo("MAP_REDUCE");
      assertThat(summary.getChunks()).isOne();
      assertThat(summary.getDepth()).isZero();
      assertThat(summary.getPrompts()).isOne();
      assertThat(summary.getTruncated()).isZero();
      assertThat(summary.getPromptTokens()).isEqualTo(asked.prompt().length);
      assertThat(summary.getMetadata()).containsEntry("k", "v");
      assertThat(summary.getModel()).isEqualTo(TestEngine.MODEL);
    }
  }

  @Test
  void shouldCombinePartialSummariesInGroupsUntilOneRemains() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", paragraphs(30)));
      assertThat(documents.asked()).hasSize(30);
      assertThat(documents.prompt("d/0/7")).contains("part: Paragraph 007");
      documents.answerAll();

      // An answer has 15 characters: six of them with spaces between fit 100, and 30 need 5 groups.
      Summary summary = documents.summaries().get(0);
      assertThat(summary.getChunks()).isEqualTo(30);
      assertThat(summary.getDepth()).isEqualTo(2);
      assertThat(summary.getPrompts()).isEqualTo(30 + 5 + 1);
      assertThat(documents.asked()).hasSize(36);
      assertThat(documents.prompt("d/1/0")).contains("all: answer ");
      String last = documents.prompt("d/2/0");
      assertThat(last.split("answer ")).hasSize(6);
      assertThat(summary.getText())
          .isEqualTo(TestEngine.answerTo(documents.engine.seen().get(35).prompt()));
    }
  }

  @Test
  void shouldReadTheWholeDocumentWhateverItsLength() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      String text = paragraphs(12);
      documents.send(request("d", text));
      String read =
          IntStream.range(0, 12)
              .mapToObj(i -> documents.prompt("d/0/" + i))
              .map(prompt -> prompt.substring(prompt.indexOf("part: ") + "part: ".length()))
              .map(prompt -> prompt.substring(0, prompt.lastIndexOf("\nassistant")))
              .collect(Collectors.joining());
      assertThat(read.replace("\n", "")).isEqualTo(text.replace("\n", ""));
    }
  }

  @Test
  void shouldRefineOneSummaryThroughTheDocument() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(options(SummaryStrategy.REFINE))) {
      documents.send(request("d", paragraphs(3)));
      assertThat(documents.asked()).containsExactly("d/0/0");
      String first = TestEngine.answerTo(documents.engine.seen().get(0).prompt());
      documents.answer("d/0/0");
      assertThat(documents.prompt("d/1/0")).contains("so far: " + first + " next: Paragraph 001");
      documents.answerAll();
      Summary summary = documents.summaries().get(0);
      assertThat(summary.getPrompts()).isEqualTo(3);
      assertThat(summary.getDepth()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldAskAgainOnlyWhatWasNotAnsweredAndGiveTheSameSummary(SummaryStrategy strategy)
      throws Exception {
    DocumentOptions options = options(strategy);
    String text = paragraphs(20);
    Summary undisturbed = DocumentHarness.undisturbed(options, request("d", text)).get(0);
    int prompts = undisturbed.getPrompts();
    for (int before : new int[] {0, 1, 7, prompts - 1}) {
      OperatorSubtaskState state;
      List<String> answered;
      try (DocumentHarness documents = DocumentHarness.start(options, new TestEngine(4))) {
        documents.send(request("d", text));
        for (int i = 0; i < before; i++) {
          documents.answer(documents.engine.running().get(0));
        }
        answered =
            documents.asked().stream()
                .filter(id -> !documents.engine.running().contains(id))
                .toList();
        state = documents.snapshot();
      }
      try (DocumentHarness documents = DocumentHarness.restore(options, state, new TestEngine(4))) {
        documents.answerAll();
        assertThat(documents.summaries()).containsExactly(undisturbed);
        assertThat(answered).hasSize(before);
        assertThat(documents.asked()).noneMatch(answered::contains).hasSize(prompts - before);
      }
    }
  }

  @Test
  void shouldTellWhatWasCut() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", paragraphs(2)));
      documents.engine.finish("d/0/0", FinishReason.LENGTH);
      documents.answerAll();
      assertThat(documents.summaries().get(0).getTruncated()).isOne();
    }
  }

  @Test
  void shouldEndACutAnswerAtItsLastSentence() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", paragraphs(2)));
      documents.engine.cut("d/0/0", "It is old. It is 3.");
      documents.engine.answer("d/0/1", "It is long. It has no");
      documents.deliver();
      assertThat(documents.prompt("d/1/0")).contains("all: It is old. It is long. It has no");
      documents.engine.cut("d/1/0", "桥很老。桥很");
      documents.deliver();
      Summary summary = documents.summaries().get(0);
      assertThat(summary.getText()).isEqualTo("桥很老。");
      assertThat(summary.getTruncated()).isEqualTo(2);
      assertThat(summary.getCutShort()).isTrue();
    }
  }

  @Test
  void shouldTellWhetherTheSummaryItselfWasCut() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", paragraphs(2)));
      documents.engine.cut("d/0/0", "It is old. It");
      documents.answerAll();
      assertThat(documents.summaries().get(0).getCutShort()).isFalse();
    }
  }

  @Test
  void shouldTellWhatModelsLeftUnanswered() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", paragraphs(3)));
      documents.engine.answer("d/0/1", " \n");
      documents.answerAll();
      assertThat(documents.prompt("d/1/0").split("answer ")).hasSize(3);
      assertThat(documents.summaries().get(0).getEmpty()).isOne();
      assertThat(documents.summaries().get(0).getPrompts()).isEqualTo(4);
    }
  }

  @Test
  void shouldUseThePromptsOfTheDocumentsLanguage() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("zh", "这座桥在巴黎。"));
      documents.send(request("en", "这座桥在巴黎。").setLanguage("en-GB"));
      assertThat(documents.prompt("zh/0/0")).contains("部分：这座桥");
      assertThat(documents.prompt("en/0/0")).contains("part: 这座桥");
    }
  }

  @Test
  void shouldPutTheTitleBeforeEachPart() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", paragraphs(3)).setTitle("On x"));
      assertThat(documents.prompt("d/0/2")).contains("part: On x\nParagraph 002");
    }
  }

  @Test
  void shouldNotSummariseADocumentTwiceAtATime() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", "A text."));
      documents.send(request("d", "A text."));
      documents.answerAll();
      assertThat(documents.summaries()).hasSize(1);
    }
  }

  @Test
  void shouldRefuseWhatCannotFitAndGoOn() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(
          request("d", "A text.")
              .setSampling(SamplingOptions.newBuilder().setMaxNewTokens(390).build()));
      documents.send(request("hostile", "some hostile text"));
      documents.send(request("e", "A text."));
      documents.answerAll();
      assertThat(documents.deadLetters())
          .extracting(DeadLetter::getStage)
          .containsOnly(DeadLetterStage.PROMPT);
      assertThat(documents.deadLetters().get(0).getError())
          .contains("documents.max-new-tokens", "engine.max-sequence-length");
      assertThat(documents.deadLetters().get(1).getRequestId()).isEqualTo("hostile");
      assertThat(documents.summaries()).extracting(Summary::getDocumentId).containsExactly("e");
    }
  }

  @Test
  void shouldRefuseADocumentWhosePartialSummariesNeverFitTogether() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", paragraphs(2)));
      documents.engine.answer("d/0/0", "y".repeat(80));
      documents.engine.answer("d/0/1", "z".repeat(80));
      documents.answerAll();
      documents.advance(1);
      assertThat(documents.deadLetters().get(0).getError())
          .contains("no two fit a prompt", "documents.max-new-tokens");
    }
  }

  @Test
  void shouldRememberForAWhileWhatItHasSummarised() throws Exception {
    OperatorSubtaskState state;
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.flink.setStateTtlProcessingTime(0);
      documents.send(request("d", "A text."));
      documents.answerAll();
      documents.send(request("d", "A text.").setPriority(3));
      assertThat(documents.asked()).containsExactly("d/0/0");
      state = documents.snapshot();
    }
    try (DocumentHarness documents = DocumentHarness.restore(OPTIONS, state, new TestEngine())) {
      documents.flink.setStateTtlProcessingTime(DocumentHarness.REMEMBERED_MILLIS - 1);
      documents.send(request("d", "A text."));
      assertThat(documents.asked()).isEmpty();
      documents.flink.setStateTtlProcessingTime(DocumentHarness.REMEMBERED_MILLIS);
      documents.send(request("d", "A text."));
      documents.answerAll();
      documents.send(request("d", "Its next version."));
      documents.answerAll();
      assertThat(documents.prompt("d/0/0")).contains("A text.");
      assertThat(documents.summaries()).hasSize(2);
      assertThat(documents.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldGiveBackAnotherVersionOfWhatIsInWork() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", "A text."));
      documents.send(request("d", "Its next version."));
      documents.answerAll();
      assertThat(documents.summaries()).hasSize(1);
      assertThat(documents.deadLetters()).hasSize(1);
      assertThat(documents.deadLetters().get(0).getStage()).isEqualTo(DeadLetterStage.VALIDATE);
      assertThat(documents.deadLetters().get(0).getError()).contains("document_id is that of");
    }
  }

  @Test
  void shouldLetADocumentComeAgainThatBecameADeadLetter() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(OPTIONS)) {
      documents.send(request("d", "A text."));
      for (int attempt = 0; attempt < DocumentHarness.ATTEMPTS; attempt++) {
        documents.fail("d/0/0");
        documents.advance(100 * DocumentHarness.BACKOFF_MILLIS);
      }
      assertThat(documents.deadLetters()).hasSize(1);
      documents.send(request("d", "A text."));
      documents.answerAll();
      assertThat(documents.summaries()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {SourceDocument.class, DocumentPrompt.class, SummarySettings.class, Progress.class})
  void shouldKeepStateWithoutKryo(Class<?> type) {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(type);
  }
}
