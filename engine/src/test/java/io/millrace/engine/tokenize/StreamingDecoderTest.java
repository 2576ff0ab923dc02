package io.millrace.engine.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamingDecoderTest {
  private final Tokenizer qwen = QwenFixture.qwen();
  private final StreamingDecoder decoder = qwen.streamingDecoder();

  @Test
  void shouldHoldACharacterBackUntilItIsWhole() {
    int[] ids = qwen.encode("𪚥");

    assertThat(ids).hasSizeGreaterThan(1);
    for (int i = 0; i < ids.length - 1; i++) {
      assertThat(decoder.next(ids[i])).isEmpty();
    }
    assertThat(decoder.next(ids[ids.length - 1])).isEqualTo("𪚥");
  }

  @Test
  void shouldShowACharacterThatIsNeverCompletedAsReplacement() {
    int[] ids = qwen.encode("𪚥");

    assertThat(decoder.next(ids[0])).isEmpty();
    assertThat(decoder.next(9707)).isEqualTo("\uFFFDHello");
  }

  @Test
  void shouldSayNothingForControlTokens() {
    assertThat(decoder.next(qwen.controlToken("<|im_end|>"))).isEmpty();
    assertThat(decoder.next(9707)).isEqualTo("Hello");
  }
}
