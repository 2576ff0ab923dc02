package io.millrace.operators.documents;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.operators.record.SamplingDefaults;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.SamplingOptions;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DocumentValidatorTest {
  private final DocumentValidator validator = new DocumentValidator(SamplingDefaults.standard());

  @Test
  void shouldTakeWhatIsRight() {
    assertThatCode(
            () -> validator.check(document().setLanguage("zh-Hant-TW").setTitle("A title").build()))
        .doesNotThrowAnyException();
  }

  @Test
  void shouldNameTheWrongField() {
    refuses(d -> d.setDocumentId(""), "document_id has 0 characters");
    refuses(d -> d.setTitle("t".repeat(257)), "title has 257 characters");
    refuses(d -> d.setText(" \n"), "text is blank");
    refuses(d -> d.setLanguage("de"), "language is not English or Chinese");
    refuses(d -> d.setPriority(2_000_000), "priority is 2000000");
    refuses(d -> d.setMetadata(Map.of("k", "v".repeat(20_000))), "metadata has");
    refuses(d -> d.setPagesWithoutText(List.of(2, 0)), "pages_without_text has the number 0");
    refuses(
        d -> d.setPagesWithoutText(Collections.nCopies(10_001, 1)),
        "pages_without_text has 10001 numbers");
    refuses(d -> d.setSampling(sampling().setTopP(7.0).build()), "sampling:");
    refuses(d -> d.setSampling(sampling().setLogprobs(true).build()), "sampling.logprobs");
  }

  private void refuses(Consumer<DocumentRequest.Builder> change, String message) {
    DocumentRequest.Builder document = document();
    change.accept(document);
    assertThatThrownBy(() -> validator.check(document.build())).hasMessageContaining(message);
  }

  private static SamplingOptions.Builder sampling() {
    return SamplingOptions.newBuilder();
  }

  private static DocumentRequest.Builder document() {
    return DocumentRequest.newBuilder().setDocumentId("d").setText("text");
  }
}
