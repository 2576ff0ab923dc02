package io.millrace.operators.documents;

import static io.millrace.operators.documents.DocumentHarness.options;
import static io.millrace.operators.documents.DocumentHarness.paragraphs;
import static io.millrace.operators.documents.DocumentHarness.request;
import static io.millrace.operators.documents.DocumentOptions.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.SummaryInfo;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.Summary;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a document is summarised with where the settings leave it to the model. */
class ModelDefaultsTest {
  private static final SummaryInfo TRAINED =
      new SummaryInfo(
          100,
          40,
          Map.of("en", Map.of("chunk", "trained {text}", "combine", "trained to join {text}")));

  @ParameterizedTest
  @EnumSource
  void shouldReadADocumentThatFitsInOnePrompt(SummaryStrategy strategy) throws Exception {
    String text = paragraphs(110); // 9,000 tokens
    try (DocumentHarness documents = start(auto(strategy), 32_768, null)) {
      documents.send(request("d", text));
      documents.answerAll();
      Summary summary = documents.summaries().get(0);
      assertThat(summary.getChunks()).isOne();
      assertThat(summary.getPrompts()).isOne();
      assertThat(summary.getDepth()).isZero();
      assertThat(documents.prompt("d/0/0")).contains(text);
      assertThat(documents.engine.seen().get(0).sampling().maxNewTokens()).isEqualTo(1024);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadALongerOneInPartsThatAreReadWell(SummaryStrategy strategy) throws Exception {
    String text = paragraphs(800);
    try (DocumentHarness documents = start(auto(strategy), 32_768, null)) {
      documents.send(request("d", text));
      documents.answerAll();
      Summary summary = documents.summaries().get(0);
      assertThat(summary.getChunks()).isEqualTo(9);
      assertThat(documents.engine.seen())
          .allSatisfy(
              asked ->
                  assertThat(asked.prompt().length).isLessThan(SummarySettings.LONG_PART + 2500));
      int combined = strategy == SummaryStrategy.MAP_REDUCE ? 1 : 0;
      assertThat(summary.getPrompts()).isEqualTo(9 + combined);
    }
  }

  @Test
  void shouldReadAllThatJustFits() throws Exception {
    DocumentOptions auto = auto(SummaryStrategy.MAP_REDUCE);
    int context = 4096;
    int around;
    try (DocumentHarness documents = start(auto, context, null)) {
      documents.send(request("d", "x"));
      around = documents.engine.seen().get(0).prompt().length - 1;
    }
    int fits = context - context / 8 - around;
    try (DocumentHarness documents = start(auto, context, null)) {
      documents.send(request("fits", "x ".repeat(fits / 2) + "x".repeat(fits % 2)));
      documents.send(request("longer", "x ".repeat(fits / 2) + "xx".repeat(1)));
      documents.answerAll();
      assertThat(documents.deadLetters()).isEmpty();
      assertThat(documents.summaries()).extracting(Summary::getChunks).containsExactly(1, 2);
    }
  }

  @Test
  void shouldTakeWhatTheModelWasTrainedWith() throws Exception {
    DocumentOptions auto = auto(SummaryStrategy.MAP_REDUCE);
    try (DocumentHarness documents = start(auto, 32_768, TRAINED)) {
      documents.send(request("d", paragraphs(5)));
      documents.send(request("zh", "这座桥在巴黎。"));
      documents.answerAll();
      assertThat(documents.prompt("d/0/2")).contains("trained Paragraph 002");
      assertThat(documents.prompt("d/1/0")).contains("trained to join answer");
      assertThat(documents.prompt("zh/0/0")).contains("摘要", "文本：\n这座桥在巴黎。");
      assertThat(documents.summaries())
          .extracting(Summary::getChunks)
          .containsExactlyInAnyOrder(5, 1);
      assertThat(documents.engine.seen())
          .allSatisfy(asked -> assertThat(asked.sampling().maxNewTokens()).isEqualTo(40));
    }
  }

  @Test
  void shouldTakeTheSettingsBeforeTheModels() throws Exception {
    try (DocumentHarness documents =
        start(options(SummaryStrategy.MAP_REDUCE), 32_768, new SummaryInfo(500, 7, null))) {
      documents.send(request("d", paragraphs(5)));
      assertThat(documents.asked()).hasSize(5);
      assertThat(documents.prompt("d/0/2")).contains("part: Paragraph 002");
      assertThat(documents.engine.seen().get(0).sampling().maxNewTokens())
          .isEqualTo(DocumentHarness.MAX_NEW_TOKENS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 100, 400})
  void shouldLeaveRoomForTwoAnswersInAChunkOfAnySize(int chunk) throws Exception {
    for (SummaryInfo model : new SummaryInfo[] {null, new SummaryInfo(400, 180, null)}) {
      try (DocumentHarness documents = start(auto(chunk), 32_768, model)) {
        documents.send(request("d", paragraphs(12)));
        while (!documents.engine.running().isEmpty()) {
          String id = documents.engine.running().get(0);
          int longest = documents.engine.seen().get(0).sampling().maxNewTokens();
          documents.engine.answer(id, "y".repeat(longest));
          documents.deliver();
        }
        documents.advance(1);
        assertThat(documents.deadLetters()).isEmpty();
        assertThat(documents.summaries()).hasSize(1);
      }
    }
  }

  @Test
  void shouldAskInSentencesWhereNothingIsSaid() throws Exception {
    try (DocumentHarness documents = start(auto(SummaryStrategy.REFINE), 2048, null)) {
      documents.send(request("d", paragraphs(30)));
      assertThat(documents.prompt("d/0/0"))
          .contains("Summarize the text below", "Text:\nParagraph 000");
      documents.engine.answer("d/0/0", "It is old.");
      documents.deliver();
      assertThat(documents.prompt("d/1/0"))
          .contains("Summary so far:\nIt is old.\n\nNext part:\nParagraph 0");
    }
  }

  @Test
  void shouldAskBrieflyWhereTheContextIsShort() throws Exception {
    try (DocumentHarness documents = start(auto(SummaryStrategy.MAP_REDUCE), 400, null)) {
      documents.send(request("d", paragraphs(9)));
      documents.send(request("zh", "这座桥在巴黎。"));
      documents.answerAll();
      assertThat(documents.deadLetters()).isEmpty();
      assertThat(documents.prompt("d/0/0")).contains("Summarize the following report.\nPara");
      assertThat(documents.prompt("zh/0/0")).contains("请总结以下报告。\n这座桥");
      assertThat(documents.engine.seen().get(0).sampling().maxNewTokens()).isEqualTo(50);
    }
  }

  @Test
  void shouldStopTheJobWhereTheModelsPromptsHaveNoText() {
    SummaryInfo wrong = new SummaryInfo(100, 40, Map.of("zh", Map.of("chunk", "请总结")));
    assertThatThrownBy(() -> start(auto(SummaryStrategy.MAP_REDUCE), 4096, wrong).close())
        .hasMessageContaining("请总结")
        .hasMessageContaining("{text}");
  }

  private static DocumentHarness start(DocumentOptions options, int context, SummaryInfo model)
      throws Exception {
    return DocumentHarness.start(options, new TestEngine(context, model));
  }

  private static DocumentOptions auto(SummaryStrategy strategy) {
    return auto(strategy, AUTO);
  }

  private static DocumentOptions auto(int chunkTokens) {
    return auto(SummaryStrategy.MAP_REDUCE, chunkTokens);
  }

  private static DocumentOptions auto(SummaryStrategy strategy, int chunkTokens) {
    DocumentOptions base = options(strategy);
    SummaryPrompts prompts =
        new SummaryPrompts(SummaryPrompts.AUTO, SummaryPrompts.AUTO, SummaryPrompts.AUTO);
    return new DocumentOptions(
        strategy,
        chunkTokens,
        0,
        AUTO,
        base.maxBuffered(),
        base.maxBufferedBytes(),
        base.rememberedFor(),
        base.maxAttempts(),
        base.retryBackoff(),
        base.priority(),
        base.sampling(),
        Map.of(SummaryLanguage.EN, prompts, SummaryLanguage.ZH, prompts));
  }
}
