package io.millrace.tools.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {

  @Test
  void shouldLetNoTextSteerTheTerminal() {
    assertThat(Text.oneLine("a\nb\tc \u001b[2J\u0007\u009b31m")).isEqualTo("a\\nb\\tc �[2J��31m");
    assertThat(Text.shorten("\u001b]0;title\u0007", 20)).doesNotContain("\u001b");
  }

  @Test
  void shouldCutBetweenCharactersThatTakeTwoColumns() {
    assertThat(Text.shorten("水车水车", 6)).isEqualTo("水车…");
    assertThat(Text.last("水车水车", 5)).isEqualTo("水车");
    assertThat(Text.pad("水", 4)).isEqualTo("水  ");
  }

  @Test
  void shouldLeaveWhatFits() {
    assertThat(Text.shorten("abc", 3)).isEqualTo("abc");
    assertThat(Text.shorten("abcd", 3)).isEqualTo("ab…");
    assertThat(Text.last("x", 5)).isEqualTo("x");
    assertThat(Text.pad("abcdef", 4)).isEqualTo("abc…");
  }

  @Test
  void shouldNeverCutASurrogatePair() {
    assertThat(Text.shorten("😀😀😀", 4)).isEqualTo("😀…");
    assertThat(Text.last("😀😀", 3)).isEqualTo("😀");
  }
}
