package io.millrace.operators.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeTextTest {

  @Test
  void shouldQuoteAValue() {
    assertThat(SafeText.value("qwen 7b 模型")).isEqualTo("\"qwen 7b 模型\"");
  }

  @Test
  void shouldShowTheBeginningOfALongOne() {
    assertThat(SafeText.value("x".repeat(1_000_000)))
        .isEqualTo("\"" + "x".repeat(40) + "..\" (1000000 characters)");
  }

  @Test
  void shouldWriteOutWhatCouldSteerATerminalOrForgeALine() {
    assertThat(SafeText.value("a\nb\u001b[2J\u202e\u2028\ud800"))
        .isEqualTo("\"a\\u000ab\\u001b[2J\\u202e\\u2028\\ud800\"");
  }

  @Test
  void shouldNotCutACharacterInTwo() {
    assertThat(SafeText.text("😀😀", 3)).isEqualTo("😀..");
    assertThat(SafeText.text("😀\n", 7)).isEqualTo("😀..");
  }
}
