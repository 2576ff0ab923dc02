package io.millrace.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.operators.documents.DocumentOptions;
import io.millrace.operators.documents.SummaryLanguage;
import io.millrace.operators.documents.SummaryPrompts;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentSizesTest {

  @Test
  void shouldLeaveToTheModelWhatIsNotSet() {
    DocumentOptions options = MillraceConfig.defaults().documentOptions();
    assertThat(options.chunkTokens()).isEqualTo(DocumentOptions.AUTO);
    assertThat(options.maxNewTokens()).isEqualTo(DocumentOptions.AUTO);
    assertThat(options.prompts().get(SummaryLanguage.ZH).refine()).isEqualTo(SummaryPrompts.AUTO);
  }

  @Test
  void shouldTakeWhatIsSet() {
    DocumentOptions options =
        MillraceConfig.of(
                Map.of(
                    "documents.chunk-tokens", "0",
                    "documents.max-new-tokens", "300",
                    "documents.prompt-combine-en", "Join {text}"))
            .documentOptions();
    assertThat(options.chunkTokens()).isZero();
    assertThat(options.maxNewTokens()).isEqualTo(300);
    assertThat(options.prompts().get(SummaryLanguage.EN))
        .isEqualTo(new SummaryPrompts(SummaryPrompts.AUTO, "Join {text}", SummaryPrompts.AUTO));
  }

  @ParameterizedTest
  @CsvSource({
    "documents.chunk-tokens, -1",
    "documents.chunk-tokens, many",
    "documents.max-new-tokens, 0",
    "documents.max-new-tokens, 1.5",
    "documents.max-new-tokens, 99999999999",
    "documents.prompt-chunk-en, Sum up",
    "documents.prompt-refine-zh, '{text}'",
  })
  void shouldRefuseWhatCannotWork(String key, String value) {
    assertThatThrownBy(() -> MillraceConfig.of(Map.of(key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key.replaceAll("-(en|zh)$", ""))
        .hasMessageContaining(value);
  }
}
