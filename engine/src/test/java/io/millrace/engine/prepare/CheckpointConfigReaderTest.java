package io.millrace.engine.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.Family;
import io.millrace.engine.model.JsonFiles;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.ModelFormatException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointConfigReaderTest {

  private static final String QWEN_7B =
      """
      {"model_type":"qwen","hidden_size":4096,"num_hidden_layers":32,"num_attention_heads":32,
       "kv_channels":128,"intermediate_size":22016,"layer_norm_epsilon":1e-06,"no_bias":true,
       "rotary_emb_base":10000,"rotary_pct":1.0,"scale_attn_weights":true,"seq_length":8192,
       "max_position_embeddings":32768,"vocab_size":151936,"tie_word_embeddings":false,
       "use_dynamic_ntk":true,"use_logn_attn":true,"bf16":false,"fp16":false,"fp32":false}""";

  private static final String QWEN_7B_OLD_NAMES =
      """
      {"model_type":"qwen","n_embd":4096,"n_layer":32,"n_head":32,"kv_channels":128,
       "ffn_hidden_size":22016,"layer_norm_epsilon":1e-06,"no_bias":true,"rotary_emb_base":10000,
       "seq_length":2048,"padded_vocab_size":151936,"vocab_size":151936,
       "tie_word_embeddings":false,"use_dynamic_ntk":false,"use_logn_attn":false}""";

  private static final String QWEN25 =
      """
      {"model_type":"qwen2","hidden_act":"silu","hidden_size":896,"intermediate_size":4864,
       "max_position_embeddings":32768,"max_window_layers":21,"num_attention_heads":14,
       "num_hidden_layers":24,"num_key_value_heads":2,"rms_norm_eps":1e-06,
       "rope_theta":1000000.0,"sliding_window":32768,"tie_word_embeddings":true,
       "torch_dtype":"bfloat16","use_sliding_window":false,"vocab_size":151936}""";

  private static final String QWEN3 =
      """
      {"model_type":"qwen3","attention_bias":false,"head_dim":128,"hidden_act":"silu",
       "hidden_size":1024,"intermediate_size":3072,"max_position_embeddings":40960,
       "num_attention_heads":16,"num_hidden_layers":28,"num_key_value_heads":8,
       "rms_norm_eps":1e-06,"rope_scaling":null,"rope_theta":1000000,"sliding_window":null,
       "tie_word_embeddings":true,"use_sliding_window":false,"vocab_size":151936}""";

  private static final String LLAMA =
      """
      {"model_type":"llama","hidden_act":"silu","hidden_size":576,"intermediate_size":1536,
       "max_position_embeddings":8192,"num_attention_heads":9,"num_hidden_layers":30,
       "num_key_value_heads":3,"rms_norm_eps":1e-05,"rope_theta":100000,"pretraining_tp":1,
       "attention_bias":false,"mlp_bias":false,"tie_word_embeddings":true,"vocab_size":49152}""";

  @Test
  void shouldReadQwenInBothNamingSchemes() throws IOException {
    ModelConfig config =
        new ModelConfig(
            Family.QWEN,
            4096,
            32,
            32,
            32,
            128,
            11008,
            151936,
            32768,
            1e-6,
            1e4,
            true,
            false,
            false,
            true,
            true,
            8192);
    assertThat(read(QWEN_7B)).isEqualTo(config);
    assertThat(read(QWEN_7B_OLD_NAMES))
        .isEqualTo(
            new ModelConfig(
                Family.QWEN,
                4096,
                32,
                32,
                32,
                128,
                11008,
                151936,
                2048,
                1e-6,
                1e4,
                true,
                false,
                false,
                false,
                false,
                2048));
    assertThat(config.qkvSize()).isEqualTo(3 * 4096);
  }

  @Test
  void shouldReadQwen2() throws IOException {
    assertThat(read(QWEN25))
        .isEqualTo(
            new ModelConfig(
                Family.QWEN2,
                896,
                24,
                14,
                2,
                64,
                4864,
                151936,
                32768,
                1e-6,
                1e6,
                true,
                false,
                true,
                false,
                false,
                32768));
  }

  @Test
  void shouldReadQwen3WithItsOwnHeadWidth() throws IOException {
    assertThat(read(QWEN3))
        .isEqualTo(
            new ModelConfig(
                Family.QWEN3,
                1024,
                28,
                16,
                8,
                128,
                3072,
                151936,
                40960,
                1e-6,
                1e6,
                false,
                true,
                true,
                false,
                false,
                40960));
  }

  @Test
  void shouldReadLlama() throws IOException {
    assertThat(read(LLAMA))
        .isEqualTo(
            new ModelConfig(
                Family.LLAMA,
                576,
                30,
                9,
                3,
                64,
                1536,
                49152,
                8192,
                1e-5,
                1e5,
                false,
                false,
                true,
                false,
                false,
                8192));
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2.5-0.5b", "qwen3-0.6b", "qwen-7b"})
  void shouldAgreeWithTheShapesOfRandomModels(String like) throws IOException {
    String config = like.equals("qwen-7b") ? QWEN_7B : like.equals("qwen3-0.6b") ? QWEN3 : QWEN25;
    assertThat(read(config)).isEqualTo(RandomModel.shape(like));
  }

  @Test
  void shouldFindTheRotaryBaseWhereTransformers5WritesIt() throws IOException {
    String moved = "{\"rope_theta\": 500000.0, \"rope_type\": \"default\"}";
    ObjectNode config = json(with(QWEN25, "rope_parameters", moved));
    config.remove("rope_theta");
    assertThat(read(config.toString()).ropeTheta()).isEqualTo(500000);
    config.remove("rope_parameters");
    assertThat(read(config.toString()).ropeTheta()).isEqualTo(10000);
  }

  @Test
  void shouldTieTheHeadAsConfiguredElseByItsTensor() throws IOException {
    assertThat(read(with(LLAMA, "tie_word_embeddings", "false")).tiedEmbeddings()).isFalse();
    ObjectNode silent = json(LLAMA);
    silent.remove("tie_word_embeddings");
    assertThat(CheckpointConfigReader.read("f", silent, "lm_head.weight"::equals).tiedEmbeddings())
        .isFalse();
    assertThat(CheckpointConfigReader.read("f", silent, name -> false).tiedEmbeddings()).isTrue();
  }

  @Test
  void shouldTakeAllHeadsForKeysWhenTheConfigIsSilent() throws IOException {
    ObjectNode config = json(LLAMA);
    config.remove("num_key_value_heads");
    assertThat(read(config.toString()).kvHeads()).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "llama | model_type            | \"mistral\"                      | model_type = mistral",
        "llama | hidden_act            | \"gelu\"                         | hidden_act = gelu",
        "llama | mlp_bias              | true                             | mlp_bias = true",
        "llama | attention_bias        | true                             | attention_bias = true",
        "llama | rope_scaling          | {\"rope_type\":\"longrope\"}     | longrope",
        "llama | partial_rotary_factor | 0.5                              | partial_rotary_factor = 0.5",
        "qwen2 | use_sliding_window    | true                             | sliding_window = 32768",
        "qwen3 | layer_types           | [\"full_attention\",\"sliding_attention\"] | layer_types",
        "llama | quantization_config   | {\"quant_method\":\"gptq\"}      | quantization_config",
        "llama | hidden_size           | \"576\"                          | hidden_size = \"576\"",
        "llama | hidden_size           | 0                                | hidden_size = 0",
        "llama | hidden_size           | 99999999999                      | hidden_size = 99999999999",
        "llama | hidden_size           | null                             | hidden_size is missing",
        "llama | hidden_size           | 577                              | hidden_size 577 is not a multiple",
        "llama | num_key_value_heads   | 2                                | num_attention_heads 9 is not a multiple",
        "llama | head_dim              | 63                               | head_dim must be even",
        "llama | rms_norm_eps          | -1                               | rms_norm_eps = -1",
        "llama | tie_word_embeddings   | \"yes\"                          | tie_word_embeddings = \"yes\"",
        "qwen  | no_bias               | false                            | no_bias = false",
        "qwen  | rotary_pct            | 0.25                             | rotary_pct = 0.25",
        "qwen  | scale_attn_weights    | false                            | scale_attn_weights = false",
        "qwen  | intermediate_size     | 22017                            | intermediate_size = 22017",
        "qwen  | seq_length            | null                             | seq_length is missing",
      })
  void shouldRefuseByKeyAndValueWhatItDoesNotCompute(
      String base, String key, String value, String message) throws IOException {
    String original =
        switch (base) {
          case "qwen" -> QWEN_7B;
          case "qwen2" -> QWEN25;
          case "qwen3" -> QWEN3;
          default -> LLAMA;
        };
    String changed = with(original, key, value);
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> read(changed))
        .withMessageStartingWith("checkpoint/config.json: ")
        .withMessageContaining(message);
  }

  private static ModelConfig read(String config) throws IOException {
    return CheckpointConfigReader.read("checkpoint/config.json", json(config), name -> true);
  }

  private static ObjectNode json(String text) throws JsonProcessingException {
    return (ObjectNode) JsonFiles.MAPPER.readTree(text);
  }

  private static String with(String config, String key, String value)
      throws JsonProcessingException {
    ObjectNode changed = json(config);
    changed.set(key, JsonFiles.MAPPER.readTree(value));
    return changed.toString();
  }
}
