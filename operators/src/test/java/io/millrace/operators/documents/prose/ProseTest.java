package io.millrace.operators.documents.prose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProseTest {
  private static final String EN = " ";
  private static final String ZH = "";

  private static final List<String> WORDS =
      List.of(
          "3.5", "-12", "−40", "+7", "1.8亿元", "2、3号线", "1987.", "*note*", "A-", "·5", "$5", "1.x",
          "(2)", "-x", "sold:", "桥", "units", "3,000", "50%", ".5", "第3", "so：", "-", "12.", "4)");

  /** So many of the words are no marks where they begin a line. */
  private static final int NO_MARKS = WORDS.size() - 3;

  @Test
  void shouldMakeSentencesOfLists() {
    assertThat(
            Prose.of(
                List.of(
                    "Key facts:\n- It is old.\n- It is long.", "1. Paid by: the city.\n\n2) Ok."),
                EN))
        .isEqualTo("It is old. It is long. Paid by: the city. Ok.");
    assertThat(Prose.of(List.of("要点：\n- 桥很老。\n- 桥很长。", "没有。"), ZH)).isEqualTo("桥很老。桥很长。没有。");
  }

  @Test
  void shouldTakeTheMarksOfAnyListAway() {
    assertThat(english("* It is old.\n * It is long.")).isEqualTo("It is old. It is long.");
    assertThat(english("•It is old.\n•It is long.")).isEqualTo("It is old. It is long.");
    assertThat(english("9. Old.\n10. 3.5 million.")).isEqualTo("9. Old. 10. 3.5 million.");
    assertThat(english("Facts:\n- One.\n\n- -12 degrees.")).isEqualTo("One. -12 degrees.");
    assertThat(chinese("1.桥很老。\n2.桥很长。")).isEqualTo("桥很老。桥很长。");
    assertThat(chinese("1、桥很老。\n2、 1.8亿元。")).isEqualTo("桥很老。1.8亿元。");
    assertThat(chinese("１．桥很老。\n２．桥很长。")).isEqualTo("桥很老。桥很长。");
  }

  @Test
  void shouldKeepWhatOnlyLooksLikeAList() {
    assertThat(Prose.of(List.of("It ends so:"), EN)).isEqualTo("It ends so:");
    assertThat(Prose.of(List.of("1987 was good."), EN)).isEqualTo("1987 was good.");
    assertThat(Prose.of(List.of("", " \n "), EN)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3.5 million units were sold.",
        "-12 degrees were measured.",
        "- 12 degrees were measured.",
        "1.8亿元",
        "12. It was a Tuesday.",
        "2、3号线 opened.",
        "*Not* now.",
        "·5 of them",
        "1. One fact alone.",
        "1.x is old."
      })
  void shouldLeaveALineThatIsInNoList(String line) {
    assertThat(english(line)).isEqualTo(line);
    assertThat(english("Sales rose\nto " + line)).isEqualTo("Sales rose to " + line);
    assertThat(english("Sales rose to\n" + line)).isEqualTo("Sales rose to " + line);
  }

  @Test
  void shouldLeaveNumbersThatDoNotCount() {
    assertThat(english("It fell to\n12. It rose to\n40. It fell."))
        .isEqualTo("It fell to 12. It rose to 40. It fell.");
    assertThat(english("3.5 fell.\n4.5 rose.")).isEqualTo("3.5 fell. 4.5 rose.");
    assertThat(english("1.x fell.\n2.x rose.")).isEqualTo("1.x fell. 2.x rose.");
  }

  @Test
  void shouldDropOnlyHeadsThatSayNothing() {
    assertThat(english("The board decided:\nto sell")).isEqualTo("The board decided: to sell");
    assertThat(english("The board rejected:\n- the sale\n- the merger"))
        .as("items that are no sentences by themselves")
        .isEqualTo("The board rejected: the sale the merger");
    assertThat(english("Facts of 2019:\n- It grew.\n- It fell."))
        .isEqualTo("Facts of 2019: It grew. It fell.");
    assertThat(
            english("What none of the witnesses that were heard believed to be true:\n- A.\n- B."))
        .contains("What none of the witnesses");
    assertThat(chinese("董事会否决：\n- 出售\n- 合并")).startsWith("董事会否决：");
  }

  @Test
  void shouldNotJoinNumbersOrWordsToOthers() {
    assertThat(Prose.of(List.of("共有12", "3座桥。", "GDP", "AI。"), ZH)).isEqualTo("共有12 3座桥。GDP AI。");
  }

  /** Only marks may go: every word, digit and sign else comes out as it went in, in order. */
  @ParameterizedTest
  @ValueSource(strings = {EN, ZH})
  void shouldLoseNothingElse(String space) {
    Random random = new Random(20);
    for (int round = 0; round < 5000; round++) {
      StringBuilder expected = new StringBuilder();
      List<String> partials = new ArrayList<>();
      for (int partial = random.nextInt(4); partial >= 0; partial--) {
        StringBuilder text = new StringBuilder();
        int kind = random.nextInt(3);
        int lines = 2 + random.nextInt(4);
        for (int line = 1; line <= lines; line++) {
          text.append(List.of("", "- ", line + ". ").get(kind));
          String words = word(random, NO_MARKS);
          for (int more = random.nextInt(4); more > 0; more--) {
            words += " " + word(random, WORDS.size());
          }
          text.append(words).append(random.nextBoolean() ? "\n" : "\r\n \n");
          expected.append(words);
        }
        partials.add(text.toString());
      }
      assertThat(Prose.of(partials, space).replace(" ", ""))
          .as("%s", partials)
          .isEqualTo(expected.toString().replace(" ", ""));
    }
  }

  private static String word(Random random, int bound) {
    return WORDS.get(random.nextInt(bound));
  }

  private static String english(String partial) {
    return Prose.of(List.of(partial), EN);
  }

  private static String chinese(String partial) {
    return Prose.of(List.of(partial), ZH);
  }
}
