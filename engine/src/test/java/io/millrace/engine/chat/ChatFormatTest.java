package io.millrace.engine.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.ChatInfo;
import io.millrace.engine.tokenize.QwenFixture;
import io.millrace.engine.tokenize.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatFormatTest {
  private static final int MANY = 1 << 20;
  private static final int IM_END = 151645;

  private final Tokenizer tokenizer = QwenFixture.qwen3();

  @ParameterizedTest
  @ValueSource(strings = {"qwen", "qwen2", "qwen3", "chatml"})
  void shouldStartEveryTurnWithWhatTheTurnBeforeLeftInTheCache(String name) {
    ChatFormat format = format(name, "Be kind.");
    Random random = new Random(7);
    int[] system = format.system(null);
    List<TokenTurn> history = new ArrayList<>();
    int[] cached = {};
    for (int turn = 0; turn < 20; turn++) {
      int[] query = format.query(List.of(new Message(Role.USER, "question " + turn)));
      int[] prompt = format.prompt(system, history, query, MANY).ids();

      assertThat(Arrays.copyOf(prompt, cached.length)).isEqualTo(cached);

      int[] answer = random.ints(random.nextInt(30), 0, 151643).toArray();
      cached = Arrays.copyOf(prompt, prompt.length + answer.length + 1);
      System.arraycopy(answer, 0, cached, prompt.length, answer.length);
      cached[cached.length - 1] = IM_END;
      history.add(new TokenTurn(query, answer));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen", "qwen2", "qwen3", "chatml"})
  void shouldEndAnswersWhereTheModelsDo(String name) {
    ChatFormat format = format(name, null);

    assertThat(format.name()).isEqualTo(name);
    assertThat(format.stopIds()).contains(151643, IM_END);
    assertThat(format.stopIds().contains(151644)).isEqualTo(name.equals("qwen"));
    assertThat(format.close()).startsWith(IM_END);
  }

  @Test
  void shouldWriteNoSystemMessageWhereThereIsNoDefault() {
    assertThat(format("qwen3", null).system(null)).isEmpty();
    assertThat(format("qwen3", null).system("")).isNotEmpty();
  }

  @Test
  void shouldWriteRolesAsTheyAreInPlainChatMl() {
    int[] query = format("chatml", null).query(List.of(new Message(Role.TOOL, "21 degrees")));

    assertThat(query).containsSequence(151644, tokenizer.encode("tool")[0]);
    assertThat(tokenizer.decode(query)).isEqualTo("tool\n21 degrees\nassistant\n");
  }

  @Test
  void shouldTakeThoughtsOutOfAnswersThatTheClientSends() {
    ChatFormat qwen3 = format("qwen3", null);

    assertThat(qwen3.answer("<think>\nhm\n</think>\n\nYes.")).isEqualTo(qwen3.answer("Yes."));
    assertThat(
            qwen3.query(
                List.of(
                    new Message(Role.ASSISTANT, "<think>x</think>\nYes."),
                    new Message(Role.USER, "<think>x</think>Sure?"))))
        .isEqualTo(
            concat(
                new int[] {151644},
                tokenizer.encode("assistant\nYes."),
                new int[] {IM_END, 198, 151644},
                tokenizer.encode("user\n<think>x</think>Sure?"),
                new int[] {IM_END, 198, 151644},
                tokenizer.encode("assistant\n"),
                new int[] {151667, 271, 151668, 271}));
  }

  @Test
  void shouldRefuseToolMessagesWhereTheFormatKnowsNone() {
    assertThatThrownBy(() -> format("qwen", null).query(List.of(new Message(Role.TOOL, "x"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("role tool");
  }

  @Test
  void shouldRefuseUnknownFormatsAndTokenizersWithoutControlTokens() {
    assertThatThrownBy(() -> format("alpaca", null)).hasMessageContaining("\"alpaca\"");
    assertThatThrownBy(() -> ChatFormats.of(null, tokenizer)).hasMessageContaining("chat.format");
    assertThatThrownBy(
            () -> ChatFormats.of(new ChatInfo("qwen2", null), QwenFixture.withoutControlTokens()))
        .hasMessageContaining("needs the control token <|im_start|>");
  }

  private ChatFormat format(String name, String system) {
    return ChatFormats.of(new ChatInfo(name, system), tokenizer);
  }

  private static int[] concat(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }
}
