package io.millrace.operators.documents;

import static io.millrace.operators.documents.DocumentHarness.paragraphs;
import static io.millrace.operators.documents.DocumentHarness.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.Summary;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bounds on the documents that are held: their number, and their bytes. */
@Timeout(60)
class DocumentBackpressureTest {
  private static final byte[] RECORD = new byte[999];

  @Test
  void shouldStopReadingAtSoManyDocuments() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(bounded(2, 1 << 20))) {
      documents.send(request("a", paragraphs(1)));
      documents.send(request("b", paragraphs(1)));
      assertThat(documents.flow.isOpen()).isFalse();
      // What was under way by then is taken without waiting.
      documents.send(request("c", paragraphs(1)));
      assertThat(summarised(documents)).isEmpty();
      documents.answer("a/0/0");
      assertThat(documents.flow.isOpen()).as("two again").isFalse();
      documents.answer("b/0/0");
      assertThat(documents.flow.isOpen()).isTrue();
      assertThat(summarised(documents)).containsExactly("a", "b");
    }
  }

  @Test
  void shouldStopReadingAtTheBytesHeldToo() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(bounded(100, 2100))) {
      documents.send(request("a", paragraphs(1)), RECORD);
      documents.send(request("b", paragraphs(1)), RECORD);
      assertThat(documents.flow.isOpen()).as("there is room for the rest of the bytes").isTrue();
      documents.send(request("d", paragraphs(1)), new byte[200]);
      assertThat(documents.flow.isOpen()).isFalse();
      documents.send(request("c", paragraphs(1)), RECORD);
      documents.answer("a/0/0");
      assertThat(documents.flow.isOpen()).as("as much is held again").isFalse();
      documents.answerAll();
      assertThat(documents.flow.isOpen()).isTrue();
      documents.send(request("e", paragraphs(1)), RECORD);
      assertThat(documents.flow.isOpen()).isTrue();
      documents.send(request("f", paragraphs(1)), RECORD);
      assertThat(documents.engine.running())
          .as("all that ended made room")
          .containsExactly("e/0/0", "f/0/0");
    }
  }

  @Test
  void shouldCountTheTextWhereThereWasNoRecord() throws Exception {
    DocumentOptions options = bounded(100, paragraphs(5).length());
    OperatorSubtaskState state;
    try (DocumentHarness documents = DocumentHarness.start(options)) {
      documents.send(request("a", paragraphs(3)), null);
      assertThat(documents.flow.isOpen()).as("there is room").isTrue();
      documents.send(request("b", paragraphs(2)), null);
      assertThat(documents.flow.isOpen()).isFalse();
      for (int i = 0; i < 3; i++) {
        documents.answer("a/0/" + i);
      }
      documents.answer("a/1/0");
      assertThat(summarised(documents)).containsExactly("a");
      assertThat(documents.flow.isOpen()).as("a has made room").isTrue();
      documents.send(request("c", paragraphs(3)), null);
      assertThat(documents.flow.isOpen()).isFalse();
      state = documents.snapshot();
    }
    try (DocumentHarness documents = DocumentHarness.restore(options, state, new TestEngine())) {
      assertThat(documents.flow.isOpen()).as("b and c count").isFalse();
      documents.answer("b/0/0");
      documents.answer("b/0/1");
      documents.answer("b/1/0");
      assertThat(documents.flow.isOpen()).isTrue();
      assertThat(summarised(documents)).containsExactly("b");
    }
  }

  @Test
  void shouldReadNothingBesideALongerDocumentThanAllMayBeTogether() throws Exception {
    try (DocumentHarness documents = DocumentHarness.start(bounded(100, 10))) {
      documents.send(request("a", paragraphs(1)), RECORD);
      assertThat(documents.flow.isOpen()).isFalse();
      documents.answer("a/0/0");
      assertThat(documents.flow.isOpen()).isTrue();
      assertThat(summarised(documents)).containsExactly("a");
    }
  }

  private static List<String> summarised(DocumentHarness documents) {
    return documents.summaries().stream().map(Summary::getDocumentId).toList();
  }

  private static DocumentOptions bounded(int documents, long bytes) {
    DocumentOptions o = DocumentHarness.options(SummaryStrategy.MAP_REDUCE);
    return new DocumentOptions(
        o.strategy(),
        o.chunkTokens(),
        o.overlapTokens(),
        o.maxNewTokens(),
        documents,
        bytes,
        o.rememberedFor(),
        o.maxAttempts(),
        o.retryBackoff(),
        o.priority(),
        o.sampling(),
        o.prompts());
  }
}
