package io.millrace.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Filtered distributions against HuggingFace's logits processors, see sampler_golden.py. */
class SamplerGoldenTest {

  @Test
  void shouldLeaveTheSameDistributions() throws IOException {
    JsonNode golden;
    try (InputStream in = getClass().getResourceAsStream("/golden/sampler/distributions.json")) {
      golden = new ObjectMapper().readTree(in);
    }
    assertThat(golden.get("cases")).hasSize(90);
    for (JsonNode example : golden.get("cases")) {
      check(golden.get("rows").get(example.get("row").asInt()), example);
    }
  }

  private static void check(JsonNode row, JsonNode example) {
    int vocabulary = row.get("logits").size();
    float[] logits = new float[vocabulary + 3];
    for (int id = 0; id < vocabulary; id++) {
      logits[id] = (float) row.get("logits").get(id).asDouble();
    }
    for (int id = vocabulary; id < logits.length; id++) {
      logits[id] = 1000; // padding, which the golden distributions do not have
    }
    int[] history = new int[row.get("history").size()];
    for (int i = 0; i < history.length; i++) {
      history[i] = row.get("history").get(i).asInt();
    }
    SamplingParameters parameters = parameters(example.get("parameters"));
    TokenSampler sampler = new TokenSampler(vocabulary);
    sampler.filter(logits, parameters, new SeenTokens(parameters, history));

    Map<Integer, Double> expected = new TreeMap<>();
    example
        .get("probabilities")
        .fields()
        .forEachRemaining(e -> expected.put(Integer.parseInt(e.getKey()), e.getValue().asDouble()));
    Map<Integer, Double> actual = new TreeMap<>();
    for (int i = 0; i < sampler.kept(); i++) {
      if (sampler.probability(i) > 0) {
        actual.put(sampler.keptId(i), sampler.probability(i));
      }
    }
    assertThat(actual.keySet()).as("%s", example).containsAll(vital(expected));
    assertThat(expected.keySet()).as("%s", example).containsAll(actual.keySet());
    actual.forEach(
        (id, p) ->
            assertThat(Math.abs(p - expected.get(id)))
                .as("token %d of %s", id, example.get("parameters"))
                .isLessThan(1e-6 * expected.get(id) + 1e-12));
  }

  /** A token below exp(-40) of the best one is as good as gone here; there it still has digits. */
  private static Iterable<Integer> vital(Map<Integer, Double> expected) {
    double best = expected.values().stream().mapToDouble(p -> p).max().orElseThrow();
    return expected.entrySet().stream()
        .filter(e -> e.getValue() > best * 1e-17)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static SamplingParameters parameters(JsonNode json) {
    return SamplingParameters.builder()
        .temperature(json.path("temperature").asDouble(1))
        .topK(json.path("top_k").asInt(0))
        .topP(json.path("top_p").asDouble(1))
        .minP(json.path("min_p").asDouble(0))
        .repetitionPenalty(json.path("repetition_penalty").asDouble(1))
        .build();
  }
}
