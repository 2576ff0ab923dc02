package io.millrace.operators.documents;

import static io.millrace.operators.documents.DocumentHarness.options;
import static io.millrace.operators.documents.DocumentHarness.paragraphs;
import static io.millrace.operators.documents.DocumentHarness.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.record.SamplingDefaults;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.Summary;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Settings that change between two starts of a job, with documents half way. */
class DocumentSettingsTest {
  private static final int PARTS = 5;

  @ParameterizedTest
  @EnumSource
  void shouldEndADocumentAsItBegan(SummaryStrategy strategy) throws Exception {
    DocumentOptions began = options(strategy);
    Summary expected = DocumentHarness.undisturbed(began, request("d", paragraphs(PARTS))).get(0);
    for (DocumentOptions other : others()) {
      for (int before = 0; before < expected.getPrompts(); before++) {
        OperatorSubtaskState state = half(began, before);
        try (DocumentHarness documents = DocumentHarness.restore(other, state, new TestEngine())) {
          documents.answerAll();
          documents.advance(1);
          assertThat(documents.deadLetters()).isEmpty();
          assertThat(documents.summaries()).as("%s after %d", other, before).containsOnly(expected);
        }
      }
    }
  }

  @Test
  void shouldAskWhatIsLeftAsTheDocumentBegan() throws Exception {
    OperatorSubtaskState state = half(options(SummaryStrategy.MAP_REDUCE), 2);
    for (DocumentOptions other : others()) {
      try (DocumentHarness documents = DocumentHarness.restore(other, state, new TestEngine())) {
        documents.send(request("next", "A text."));
        assertThat(documents.prompt("d/0/4")).contains("part: Paragraph 004");
        assertThat(documents.engine.seen())
            .filteredOn(asked -> asked.id().startsWith("d/"))
            .hasSize(PARTS - 2)
            .allSatisfy(
                asked -> {
                  assertThat(asked.sampling().maxNewTokens())
                      .isEqualTo(DocumentHarness.MAX_NEW_TOKENS);
                  assertThat(asked.sampling().temperature()).isZero();
                });
        assertThat(documents.engine.seen())
            .as("a document that comes now")
            .filteredOn(asked -> asked.id().startsWith("next/"))
            .allSatisfy(
                asked ->
                    assertThat(asked.sampling().maxNewTokens()).isEqualTo(other.maxNewTokens()));
      }
    }
  }

  private static OperatorSubtaskState half(DocumentOptions options, int answers) throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(options, new TestEngine(2))) {
      documents.send(request("d", paragraphs(PARTS)));
      for (int i = 0; i < answers; i++) {
        documents.answer(documents.engine.running().get(0));
      }
      return documents.snapshot();
    }
  }

  private static List<DocumentOptions> others() {
    SamplingDefaults short20 = new SamplingDefaults(0.9, 5, 0.5, 0, 1.2, 0, 0, 20, 0);
    SamplingDefaults long80 = new SamplingDefaults(0, 0, 1, 0, 1, 0, 0, 80, 4);
    SummaryPrompts prompts = new SummaryPrompts("other {text}", "joined {text}", "{text}{summary}");
    return List.of(
        other(SummaryStrategy.MAP_REDUCE, 50, 10, short20, prompts),
        other(SummaryStrategy.REFINE, 50, 10, short20, prompts),
        other(SummaryStrategy.MAP_REDUCE, 0, 0, long80, prompts),
        other(SummaryStrategy.REFINE, 0, 0, long80, prompts));
  }

  private static DocumentOptions other(
      SummaryStrategy strategy,
      int chunkTokens,
      int overlapTokens,
      SamplingDefaults sampling,
      SummaryPrompts prompts) {
    DocumentOptions base = options(strategy);
    return new DocumentOptions(
        strategy,
        chunkTokens,
        overlapTokens,
        sampling.maxNewTokens(),
        base.maxBuffered(),
        base.maxBufferedBytes(),
        base.rememberedFor(),
        base.maxAttempts(),
        base.retryBackoff(),
        base.priority(),
        sampling,
        Map.of(SummaryLanguage.EN, prompts, SummaryLanguage.ZH, prompts));
  }
}
