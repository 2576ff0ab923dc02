package io.millrace.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.Family;
import io.millrace.engine.model.ModelConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RopeAlphaTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "4096, 1",
    "8192, 1",
    "8193, 3",
    "16384, 3",
    "16385, 7",
    "32768, 7",
    "32769, 15"
  })
  void shouldGrowWithThePromptInPowersOfTwo(int promptLength, float alpha) {
    assertThat(RopeAlpha.of(config(true), promptLength)).isEqualTo(alpha);
    double formula = Math.pow(2, Math.ceil(Math.log(promptLength / 8192.0) / Math.log(2) + 1)) - 1;
    assertThat((double) alpha).isEqualTo(Math.max(1, formula));
  }

  @ParameterizedTest
  @CsvSource({"1", "8193", "100000"})
  void shouldStayOneWithoutDynamicNtk(int promptLength) {
    assertThat(RopeAlpha.of(config(false), promptLength)).isOne();
  }

  @ParameterizedTest
  @CsvSource({"4096, 1", "8192, 1", "8193, 1.00048828125", "12288, 3", "32768, 13"})
  void shouldGrowWithEveryTokenUnderDynamicScaling(int promptLength, float alpha) throws Exception {
    String json =
        """
        {"type": "dynamic", "factor": 4, "originalLength": 8192, "lowFrequencyFactor": 0,
         "highFrequencyFactor": 0, "betaFast": 0, "betaSlow": 0, "truncate": false,
         "attentionFactor": 1}""";
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode config = mapper.valueToTree(config(false));
    config.set("ropeScaling", mapper.readTree(json));
    ModelConfig scaled = mapper.treeToValue(config, ModelConfig.class);
    assertThat(RopeAlpha.of(scaled, promptLength)).isEqualTo(alpha);
  }

  private static ModelConfig config(boolean dynamicNtk) {
    return new ModelConfig(
        Family.QWEN,
        8,
        1,
        1,
        1,
        8,
        8,
        100,
        32768,
        1e-6,
        1e4,
        true,
        false,
        false,
        dynamicNtk,
        false,
        8192);
  }
}
