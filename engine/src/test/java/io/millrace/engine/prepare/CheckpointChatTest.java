package io.millrace.engine.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.ChatInfo;
import io.millrace.engine.model.Family;
import io.millrace.engine.model.JsonFiles;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointChatTest {

  private static final Map<String, Integer> CHATML = Map.of("<|im_start|>", 7, "<|im_end|>", 8);

  @TempDir private Path checkpoint;

  @Test
  void shouldFollowTheFamilyAndForLlamaTheControlTokens() {
    assertThat(CheckpointChat.format(Family.QWEN, Map.of())).isEqualTo("qwen");
    assertThat(CheckpointChat.format(Family.QWEN2, CHATML)).isEqualTo("qwen2");
    assertThat(CheckpointChat.format(Family.QWEN3, CHATML)).isEqualTo("qwen3");
    assertThat(CheckpointChat.format(Family.LLAMA, CHATML)).isEqualTo("chatml");
    assertThat(CheckpointChat.format(Family.LLAMA, Map.of("<s>", 1))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "qwen, You are a helpful assistant.",
    "qwen2, 'You are Qwen, created by Alibaba Cloud. You are a helpful assistant.'",
    "qwen3,",
    "llama,",
  })
  void shouldFindTheDefaultSystemOfTheGoldenCheckpoints(String family, String system)
      throws IOException {
    Path path = GoldenCheckpoints.path(family);
    assertThat(CheckpointChat.defaultSystem(GoldenCheckpoints.FAMILIES.get(family), path))
        .isEqualTo(system);
  }

  @Test
  void shouldFindASystemMessageBetweenQuotesOfATemplate() throws IOException {
    // Written as in Jinja source: the line break is an escape inside a string.
    tokenizerConfig("{{- '<|im_start|>system\\nTurn the wheel.<|im_end|>\\n' }}");
    assertThat(CheckpointChat.defaultSystem(Family.QWEN2, checkpoint)).isEqualTo("Turn the wheel.");
  }

  @Test
  void shouldNotTakeAVariableForASystemMessage() throws IOException {
    tokenizerConfig("{{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}");
    assertThat(CheckpointChat.defaultSystem(Family.QWEN2, checkpoint)).isNull();
  }

  @Test
  void shouldReadATemplateFromItsOwnFile() throws IOException {
    Files.writeString(
        checkpoint.resolve("chat_template.jinja"), "<|im_start|>system\nMill.<|im_end|>");
    assertThat(CheckpointChat.defaultSystem(Family.LLAMA, checkpoint)).isEqualTo("Mill.");
  }

  @Test
  void shouldPreferAnExplicitDefault() throws IOException {
    ObjectNode config = JsonFiles.MAPPER.createObjectNode();
    config
        .put("default_system", "Millrace.")
        .put("chat_template", "<|im_start|>system\nX<|im_end|>");
    Files.writeString(checkpoint.resolve("tokenizer_config.json"), config.toString());
    assertThat(CheckpointChat.defaultSystem(Family.QWEN2, checkpoint)).isEqualTo("Millrace.");
  }

  @Test
  void shouldStopAtTheIdsOfTheGenerationConfigAndOfTheFormat() throws IOException {
    ModelConfig config = config(Family.QWEN);
    Files.writeString(checkpoint.resolve("config.json"), "{\"eos_token_id\": 3}");
    assertThat(CheckpointChat.stopIds(checkpoint, config, CHATML)).containsExactly(3, 7, 8);
    Files.writeString(
        checkpoint.resolve("generation_config.json"), "{\"eos_token_id\": [5, 8, 2]}");
    assertThat(CheckpointChat.stopIds(checkpoint, config, CHATML)).containsExactly(2, 5, 7, 8);
    assertThat(CheckpointChat.stopIds(checkpoint, config(Family.QWEN2), CHATML))
        .containsExactly(2, 5, 8);
  }

  @Test
  void shouldLetTheCallerOverrideFormatAndSystem() {
    assertThat(options(null, null).chat("qwen2", "own")).isEqualTo(new ChatInfo("qwen2", "own"));
    assertThat(options("chatml", "").chat("qwen2", "own")).isEqualTo(new ChatInfo("chatml", null));
    assertThat(options(null, "other").chat(null, null)).isNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options("vicuna", null))
        .withMessageContaining("vicuna")
        .withMessageContaining("chatml");
  }

  private static ModelConfig config(Family family) {
    return new ModelConfig(
        family, 64, 2, 4, 4, 16, 96, 10, 512, 1e-6, 1e4, true, false, true, false, false, 512);
  }

  private static PrepareOptions options(String format, String system) {
    return new PrepareOptions(Precision.INT8, null, format, system, false);
  }

  private void tokenizerConfig(String template) throws IOException {
    ObjectNode config = JsonFiles.MAPPER.createObjectNode().put("chat_template", template);
    Files.writeString(checkpoint.resolve("tokenizer_config.json"), config.toString());
  }
}
