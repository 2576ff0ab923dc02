package io.millrace.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.Engine;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.chat.ChatFormats;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.prepare.CheckpointConverter;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.runtime.RuntimeOptions;
import io.millrace.engine.runtime.device.Runtimes;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.schedule.Limits;
import io.millrace.engine.testing.Collector;
import io.millrace.engine.tokenize.Tokenizer;
import io.millrace.engine.tokenize.Tokenizers;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The golden checkpoints through the whole engine: alone, in batches of mixed lengths with small
 * chunks, from the prefix cache and through preemptions.
 */
@Timeout(300)
class EngineFidelityTest {
  private static final int STEPS = 64;
  private static final Limits WIDE = new Limits(16, 512, 64);

  /** Chunks of at most 20 tokens that start and end anywhere in a block. */
  private static final Limits NARROW = new Limits(12, 20, 7);

  private static final long LARGE_POOL = 4096;

  /** Holds one sequence of any family, never all prompts with their answers. */
  private static final long TINY_POOL = 256;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"qwen", "qwen2", "qwen3", "llama"})
  void shouldGiveTheReferencesTokensInFp32(String family) throws Exception {
    Golden golden = Golden.read(family);
    PreparedModel model = golden.prepare(Precision.FP32, directory);
    try (Engine engine = open(model, WIDE, LARGE_POOL)) {
      assertThat(oneByOne(engine, golden)).as("alone").isEqualTo(golden.greedy());
      assertThat(together(engine, golden)).as("prefix hits").isEqualTo(golden.greedy());
      assertThat(engine.stats().cachedTokens()).isPositive();
    }
    try (Engine engine = open(model, NARROW, LARGE_POOL)) {
      assertThat(together(engine, golden)).as("small chunks").isEqualTo(golden.greedy());
    }
    try (Engine engine = open(model, NARROW, TINY_POOL)) {
      assertThat(together(engine, golden)).as("preempted").isEqualTo(golden.greedy());
      assertThat(engine.stats().preemptions()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen", "qwen2", "qwen3", "llama"})
  void shouldGiveTheSameLogprobsToTheLastBitInInt8(String family) throws Exception {
    Golden golden = Golden.read(family);
    PreparedModel model = golden.prepare(Precision.INT8, directory);
    List<GenerationResult> alone;
    try (Engine engine = open(model, WIDE, LARGE_POOL)) {
      alone = results(engine, golden, true);
      assertSame(results(engine, golden, false), alone, "prefix hits");
      assertThat(engine.stats().cachedTokens()).isPositive();
    }
    try (Engine engine = open(model, NARROW, LARGE_POOL)) {
      assertSame(results(engine, golden, false), alone, "small chunks");
    }
    try (Engine engine = open(model, NARROW, TINY_POOL)) {
      assertSame(results(engine, golden, false), alone, "preempted");
      assertThat(engine.stats().preemptions()).isPositive();
    }
    for (boolean oneByOne : new boolean[] {true, false}) {
      try (Engine engine = open(model, NARROW, LARGE_POOL)) {
        assertSame(results(engine, golden, oneByOne, 8), alone, "drafts");
        assertThat(engine.stats().draftedTokens()).isGreaterThan(engine.stats().acceptedTokens());
        assertThat(engine.stats().acceptedTokens()).isPositive();
      }
    }
  }

  private static void assertSame(
      List<GenerationResult> actual, List<GenerationResult> expected, String how) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i).tokens()).as(how).isEqualTo(expected.get(i).tokens());
      assertThat(actual.get(i).logprobs()).as(how).isEqualTo(expected.get(i).logprobs());
    }
  }

  private static List<List<Integer>> oneByOne(Engine engine, Golden golden) {
    return tokens(results(engine, golden, true));
  }

  private static List<List<Integer>> together(Engine engine, Golden golden) {
    return tokens(results(engine, golden, false));
  }

  private static List<List<Integer>> tokens(List<GenerationResult> results) {
    return results.stream().map(r -> Arrays.stream(r.tokens()).boxed().toList()).toList();
  }

  private static List<GenerationResult> results(Engine engine, Golden golden, boolean alone) {
    return results(engine, golden, alone, 0);
  }

  private static List<GenerationResult> results(
      Engine engine, Golden golden, boolean alone, int draftTokens) {
    SamplingParameters sampling =
        SamplingParameters.builder()
            .temperature(0)
            .maxNewTokens(STEPS)
            .ignoreEos(true)
            .topLogprobs(8)
            .draftTokens(draftTokens)
            .build();
    List<Collector> heard = new ArrayList<>();
    for (int[] prompt : golden.prompts()) {
      Collector collector = new Collector();
      heard.add(collector);
      engine.submit(new GenerationRequest("r" + heard.size(), prompt, sampling, 0, 0), collector);
      if (alone) {
        collector.result();
      }
    }
    return heard.stream().map(Collector::result).toList();
  }

  private static Engine open(PreparedModel model, Limits limits, long poolTokens)
      throws IOException {
    Manifest manifest = model.manifest();
    ModelConfig config = manifest.config();
    long bytesPerToken = 2L * config.layers() * config.kvHeads() * config.headDim() * Float.BYTES;
    ModelRuntime runtime =
        Runtimes.open(model, new RuntimeOptions(2, false, KvType.FP32, poolTokens * bytesPerToken));
    Tokenizer tokenizer = Tokenizers.open(model.directory(), manifest);
    return new ContinuousBatchingEngine(
        manifest,
        tokenizer,
        ChatFormats.of(manifest.chat(), tokenizer),
        runtime,
        limits,
        SequenceLimit.of(0, config, (long) runtime.blockCount() * runtime.blockSize()),
        Clock.systemUTC());
  }

  /** Prompts of a golden checkpoint and the reference's greedy continuations. */
  private record Golden(Path checkpoint, List<int[]> prompts, List<List<Integer>> greedy) {

    static Golden read(String family) throws IOException, URISyntaxException {
      Path checkpoint = Path.of(EngineFidelityTest.class.getResource("/golden/" + family).toURI());
      JsonNode json = new ObjectMapper().readTree(checkpoint.resolve("golden.json").toFile());
      List<int[]> prompts = new ArrayList<>();
      List<List<Integer>> greedy = new ArrayList<>();
      for (JsonNode run : json.get("prompts")) {
        prompts.add(ints(run.get("prompt")));
        greedy.add(Arrays.stream(ints(run.get("greedy"))).boxed().toList());
      }
      return new Golden(checkpoint, prompts, greedy);
    }

    PreparedModel prepare(Precision precision, Path directory) throws IOException {
      CheckpointConverter.convert(checkpoint, precision, directory, ProgressListener.NONE);
      return PreparedModel.open(directory);
    }

    private static int[] ints(JsonNode array) {
      int[] values = new int[array.size()];
      Arrays.setAll(values, i -> array.get(i).asInt());
      return values;
    }
  }
}
