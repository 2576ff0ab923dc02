package io.millrace.operators.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProseTest {

  @Test
  void shouldMakeSentencesOfLists() {
    assertThat(
            Prose.of(
                List.of(
                    "Key facts:\n- It is old.\n- It is long.", "1. Paid by: the city.\n\n2) Ok."),
                SummaryLanguage.EN))
        .isEqualTo("It is old. It is long. Paid by: the city. Ok.");
    assertThat(Prose.of(List.of("要点：\n- 桥很老。\n- 桥很长。", "没有。"), SummaryLanguage.ZH))
        .isEqualTo("桥很老。桥很长。没有。");
  }

  @Test
  void shouldKeepWhatOnlyLooksLikeAList() {
    assertThat(Prose.of(List.of("It ends so:"), SummaryLanguage.EN)).isEqualTo("It ends so:");
    assertThat(Prose.of(List.of("1987 was good."), SummaryLanguage.EN)).isEqualTo("1987 was good.");
    assertThat(Prose.of(List.of("", " \n "), SummaryLanguage.EN)).isEmpty();
  }
}
