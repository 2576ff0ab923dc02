package io.millrace.operators.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShownTest {

  @Test
  void shouldQuoteAValue() {
    assertThat(Shown.value("qwen 7b 模型")).isEqualTo("\"qwen 7b 模型\"");
  }

  @Test
  void shouldShowTheBeginningOfALongOne() {
    assertThat(Shown.value("x".repeat(1_000_000)))
        .isEqualTo("\"" + "x".repeat(40) + "..\" (1000000 characters)");
  }

  @Test
  void shouldWriteOutWhatCouldSteerATerminalOrForgeALine() {
    assertThat(Shown.value("a\nb\u001b[2J\u202e\u2028\ud800"))
        .isEqualTo("\"a\\u000ab\\u001b[2J\\u202e\\u2028\\ud800\"");
  }

  @Test
  void shouldNotCutACharacterInTwo() {
    assertThat(Shown.text("😀😀", 3)).isEqualTo("😀..");
    assertThat(Shown.text("😀\n", 7)).isEqualTo("😀..");
  }
}
