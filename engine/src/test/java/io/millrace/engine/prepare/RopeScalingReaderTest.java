package io.millrace.engine.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.ModelFormatException;
import io.millrace.engine.model.RopeScaling;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RopeScalingReaderTest {
  private static final String CONFIG =
      """
      {"model_type":"llama","hidden_size":64,"intermediate_size":64,"max_position_embeddings":4096,
       "num_attention_heads":4,"num_hidden_layers":2,"vocab_size":100,"rope_theta":10000,
       "%s":%s}""";

  @Test
  void shouldReadTheRecipeOfQwenForLongerTexts() throws IOException {
    ModelConfig config =
        read(
            "rope_scaling",
            "{\"type\":\"yarn\",\"factor\":4.0,\"original_max_position_embeddings\":4096}");
    assertThat(config.ropeScaling())
        .isEqualTo(RopeScaling.yarn(4, 4096, 32, 1, true, 0.1 * Math.log(4) + 1));
    assertThat(config.maxPositions()).isEqualTo(16384);
  }

  @Test
  void shouldReadLlama3AndTheBaseBesideIt() throws IOException {
    ModelConfig config =
        read(
            "rope_parameters",
            "{\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":1,\"high_freq_factor\":4,"
                + "\"original_max_position_embeddings\":1024,\"rope_theta\":500000}");
    assertThat(config.ropeScaling()).isEqualTo(RopeScaling.llama3(8, 1024, 1, 4));
    assertThat(config.ropeTheta()).isEqualTo(500000);
    assertThat(config.maxPositions()).isEqualTo(8192);
  }

  @Test
  void shouldLetOnlyDynamicScalingGrowWithThePrompt() throws IOException {
    ModelConfig dynamic = read("rope_scaling", "{\"type\":\"dynamic\",\"factor\":2.0}");
    assertThat(dynamic.ropeScaling()).isEqualTo(RopeScaling.dynamic(2, 4096));
    assertThat(dynamic.growsWithPrompt()).isTrue();
    assertThat(read("rope_scaling", "{\"type\":\"linear\",\"factor\":2}").growsWithPrompt())
        .isFalse();
    assertThat(read("rope_scaling", "null").ropeScaling()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"rope_type\":\"longrope\",\"factor\":2} | the types default, linear, dynamic, yarn",
        "{\"rope_type\":\"llama3\"} | rope_scaling: the key factor is missing",
        "{\"type\":\"linear\",\"factor\":0.5} | factor = 0.5",
        "{\"type\":\"llama3\",\"factor\":8,\"low_freq_factor\":1} | high_freq_factor is missing",
        "{\"type\":\"yarn\",\"factor\":4,\"truncate\":1} | truncate = 1, expected true or false",
        "\"yarn\" | rope_scaling = \"yarn\"",
      })
  void shouldRefuseByKeyAndValueWhatItDoesNotKnow(String scaling, String message) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> read("rope_scaling", scaling))
        .withMessageStartingWith("config.json")
        .withMessageContaining(message);
  }

  private static ModelConfig read(String key, String scaling) throws IOException {
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(CONFIG.formatted(key, scaling));
    return CheckpointConfigReader.read("config.json", json, name -> true);
  }
}
