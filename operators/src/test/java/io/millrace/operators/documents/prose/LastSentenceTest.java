package io.millrace.operators.documents.prose;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LastSentenceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "It is old. It is lo | It is old.",
        "Is it old? It i | Is it old?",
        "\"It is old.\" So they sa | \"It is old.\"",
        "It cost 3.5 million. Then it rose to 4. | It cost 3.5 million.",
        "It cost 3.5 million. Then it rose to 4.2 mil | It cost 3.5 million.",
        "It was sold. It was bought by Mr. | It was sold.",
        "It was sold. It was bought by Mr. Smith and Dr. Jo | It was sold.",
        "1. It is old. 2. It is lo | 1. It is old.",
        "桥很老。桥很 | 桥很老。",
        "桥很老！它长1.8公里。它 | 桥很老！它长1.8公里。",
        "他说：“桥很老。”桥 | 他说：“桥很老。”",
        "桥很老吗？是的；桥 | 桥很老吗？",
      })
  void shouldEndACutTextAtItsLastSentence(String cut, String ended) {
    assertThat(LastSentence.endingAt(cut)).isEqualTo(ended);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"It is old. It is long.", "It is old.", "It has no end", "桥很老。", "桥很", "", "Mr."})
  void shouldKeepWhatIsWholeOrHasNoEndAtAll(String text) {
    assertThat(LastSentence.endingAt(text)).isEqualTo(text);
  }

  @Test
  void shouldKeepWholeItemsOfAList() {
    assertThat(LastSentence.endingAt("It is a bridge.\n- old\n- long\n- wid"))
        .isEqualTo("It is a bridge.\n- old\n- long");
    assertThat(LastSentence.endingAt("Facts\n1. old\n2. long\n3. wi"))
        .isEqualTo("Facts\n1. old\n2. long");
  }

  @Test
  void shouldNotEndWithTheHeadOfALostList() {
    assertThat(LastSentence.endingAt("It is old.\n\nIt was built:\n- by hand and wi"))
        .isEqualTo("It is old.");
  }
}
