package io.millrace.engine.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.model.ChatInfo;
import io.millrace.engine.tokenize.GoldenLines;
import io.millrace.engine.tokenize.QwenFixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Prompts must be those of the reference: Qwen v1's context, the templates of Qwen 2.5 and 3. */
class ChatGoldenTest {
  private static final int[] NO_THOUGHTS = {151667, 271, 151668, 271};

  private static final ChatFormat QWEN =
      ChatFormats.of(new ChatInfo("qwen", "You are a helpful assistant."), QwenFixture.qwen());
  private static final ChatFormat QWEN2 =
      ChatFormats.of(
          new ChatInfo(
              "qwen2", "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."),
          QwenFixture.qwen2());
  private static final ChatFormat QWEN3 =
      ChatFormats.of(new ChatInfo("qwen3", null), QwenFixture.qwen3());

  static Stream<JsonNode> qwen() {
    return prompts("qwen");
  }

  static Stream<JsonNode> qwen2() {
    return prompts("qwen2");
  }

  static Stream<JsonNode> qwen3() {
    return prompts("qwen3");
  }

  /** The reference's window counts system and history, and leaves one token free. */
  @ParameterizedTest
  @MethodSource("qwen")
  void shouldRenderQwenAsTheReferenceDoes(JsonNode golden) {
    int query = QWEN.query(messages(golden.path("query"))).length;
    int system = system(QWEN, golden).length;
    int limit = golden.path("max_window_size").asInt() - 1 + query;

    Prompt prompt = prompt(QWEN, golden, Math.max(limit, system + query));

    assertThat(prompt.ids()).isEqualTo(GoldenLines.ids(golden.path("ids")));
    assertThat(prompt.droppedTurns()).isEqualTo(golden.path("dropped").asInt());
  }

  @ParameterizedTest
  @MethodSource("qwen2")
  void shouldRenderQwen2AsTheReferenceDoes(JsonNode golden) {
    Prompt prompt = prompt(QWEN2, golden, golden.path("max_tokens").asInt(1 << 30));

    assertThat(prompt.ids()).isEqualTo(GoldenLines.ids(golden.path("ids")));
    assertThat(prompt.droppedTurns()).isEqualTo(golden.path("dropped").asInt());
  }

  /** The reference takes the empty thoughts out of the history; here they stay in the KV cache. */
  @ParameterizedTest
  @MethodSource("qwen3")
  void shouldRenderQwen3AsTheReferenceDoes(JsonNode golden) {
    Prompt prompt = prompt(QWEN3, golden, 1 << 30);

    assertThat(withoutEarlierThoughts(prompt.ids(), golden.path("history").size()))
        .isEqualTo(GoldenLines.ids(golden.path("ids")));
  }

  private static Prompt prompt(ChatFormat format, JsonNode golden, int maxTokens) {
    List<TokenTurn> history = new ArrayList<>();
    for (JsonNode turn : golden.path("history")) {
      history.add(
          new TokenTurn(
              format.query(messages(turn.path("query"))),
              format.answer(turn.path("answer").asText())));
    }
    return format.prompt(
        system(format, golden), history, format.query(messages(golden.path("query"))), maxTokens);
  }

  private static int[] system(ChatFormat format, JsonNode golden) {
    JsonNode system = golden.path("system");
    return format.system(system.isNull() ? null : system.asText());
  }

  private static List<Message> messages(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(
            m ->
                new Message(
                    Role.valueOf(m.path("role").asText().toUpperCase(Locale.ROOT)),
                    m.path("content").asText()))
        .toList();
  }

  private static Stream<JsonNode> prompts(String format) {
    List<JsonNode> prompts =
        GoldenLines.read("prompts.jsonl").stream()
            .filter(line -> line.path("format").asText().equals(format))
            .toList();
    assertThat(prompts).hasSizeGreaterThanOrEqualTo(30);
    return prompts.stream();
  }

  private static int[] withoutEarlierThoughts(int[] ids, int turns) {
    int[] left = new int[ids.length - turns * NO_THOUGHTS.length];
    int at = 0;
    int removed = 0;
    for (int i = 0; i < ids.length; i++) {
      boolean thoughts =
          removed < turns
              && i + NO_THOUGHTS.length <= ids.length
              && Arrays.equals(ids, i, i + NO_THOUGHTS.length, NO_THOUGHTS, 0, NO_THOUGHTS.length);
      if (thoughts) {
        removed++;
        i += NO_THOUGHTS.length - 1;
      } else {
        left[at++] = ids[i];
      }
    }
    return left;
  }
}
