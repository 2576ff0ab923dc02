package io.millrace.engine.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.chat.Message;
import io.millrace.engine.chat.Role;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.prepare.CheckpointConverter;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.schedule.draft.Drafting;
import io.millrace.engine.testing.Collector;
import io.millrace.engine.testing.TestEngines;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginesTest {
  @TempDir private Path directory;

  @BeforeEach
  void prepareModel() throws IOException, URISyntaxException {
    Path checkpoint = Path.of(getClass().getResource("/golden/qwen2").toURI());
    CheckpointConverter.convert(checkpoint, Precision.INT8, directory, ProgressListener.NONE);
  }

  @Test
  void shouldAnswerAConversationAndReuseItsBlocksInTheNextTurn() throws IOException {
    try (Engine engine = Engines.open(options(64, 512, 0))) {
      assertThat(engine.maxSequenceLength()).isEqualTo(512);
      int[] system = engine.chatFormat().system("You answer in a few words, whatever is asked.");
      int[] query = engine.chatFormat().query(List.of(new Message(Role.USER, "Who is there?")));
      int[] prompt = engine.chatFormat().prompt(system, List.of(), query, 400).ids();
      GenerationResult first = generate(engine, prompt);
      assertThat(first.usage().promptTokens()).isEqualTo(prompt.length);
      assertThat(first.usage().cachedTokens()).isZero();
      GenerationResult again = generate(engine, prompt);
      assertThat(again.usage().cachedTokens()).isEqualTo((prompt.length - 1) / 16 * 16);
      assertThat(again.tokens()).isEqualTo(first.tokens());
    }
  }

  @Test
  void shouldTakeTheKvOfGivenPromptsForComputed() throws IOException {
    int[] known = new Random(1).ints(200, 0, 290).toArray();
    int[] alsoKnown = new Random(2).ints(100, 0, 290).toArray();
    int[] unknown = new Random(3).ints(100, 0, 290).toArray();
    try (Engine engine = Engines.open(options(64, 512, 0), List.of(known, alsoKnown))) {
      GenerationResult first = generate(engine, known);
      assertThat(first.usage().cachedTokens()).isEqualTo(192);
      assertThat(generate(engine, alsoKnown).usage().cachedTokens()).isEqualTo(96);
      assertThat(generate(engine, unknown).usage().cachedTokens()).isZero();
      // The blocks hold something else than the prompt's own keys and values.
      try (Engine honest = Engines.open(options(64, 512, 0))) {
        assertThat(generate(honest, known).tokens()).isNotEqualTo(first.tokens());
      }
    }
  }

  @Test
  void shouldRunAModelWithoutATokenizerOnIdsAlone() throws IOException {
    Path file = directory.resolve(Manifest.FILE);
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode manifest = (ObjectNode) mapper.readTree(file.toFile());
    ObjectNode tokenizer = (ObjectNode) manifest.get("tokenizer");
    tokenizer.putNull("file");
    tokenizer.putNull("pattern");
    tokenizer.putObject("controlTokens");
    mapper.writeValue(file.toFile(), manifest);
    try (Engine engine = Engines.open(options(64, 512, 0))) {
      GenerationResult result = generate(engine, 1, 2, 3);
      assertThat(result.tokens()).hasSize(8);
      assertThat(result.text()).isEmpty();
      assertThatThrownBy(() -> engine.tokenizer().encode("text"))
          .hasMessageContaining("has no tokenizer");
      assertThatThrownBy(() -> engine.chatFormat().system(null))
          .hasMessageContaining("has no chat format");
    }
  }

  @Test
  void shouldNameTheSettingThatIsWrong() {
    assertThatThrownBy(() -> Engines.open(options(64, 512, 9999)))
        .hasMessageContaining("engine.max-sequence-length is 9999");
    assertThatThrownBy(() -> Engines.open(options(0, 512, 0)))
        .hasMessageContaining("engine.max-running is 0");
    assertThatThrownBy(() -> Engines.open(options(64, 3, 0)))
        .hasMessageContaining("engine.max-batch-tokens is 3");
  }

  private EngineOptions options(int maxRunning, int maxBatchTokens, int maxSequenceLength) {
    return new EngineOptions(
        directory.toString(),
        1,
        maxRunning,
        maxBatchTokens,
        8,
        8L << 20,
        KvType.FP32,
        maxSequenceLength,
        false,
        Drafting.STANDARD);
  }

  private static GenerationResult generate(Engine engine, int... prompt) {
    SamplingParameters sampling =
        SamplingParameters.builder().seed(5).maxNewTokens(8).ignoreEos(true).build();
    Collector heard = new Collector();
    engine.submit(TestEngines.request("r", prompt, sampling), heard);
    return heard.result();
  }
}
