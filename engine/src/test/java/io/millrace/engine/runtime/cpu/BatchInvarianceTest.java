package io.millrace.engine.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Precision;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.RuntimeOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A sequence's result depends on itself alone: not on how its prompt is cut, on its neighbours, on
 * the blocks it gets, or on whether its KV was computed by another sequence. In int8 and int4 bit
 * for bit; in fp32, where ONNX Runtime's product has another order for other row counts, token for
 * token.
 */
class BatchInvarianceTest {
  private static final int STEPS = 20;

  @TempDir Path directory;

  private Golden golden;
  private PreparedModel model;
  private CpuRuntime runtime;

  private void open(String family, Precision precision, KvType kvType, int blockSize)
      throws Exception {
    golden = Golden.read(family);
    if (model == null) {
      model = golden.prepare(precision, directory);
    }
    runtime = CpuRuntime.open(model, new RuntimeOptions(2, false, kvType, 8 << 20), blockSize);
  }

  @AfterEach
  void close() {
    runtime.close();
  }

  private TestDriver driver(long seed) {
    return new TestDriver(runtime, model.config(), golden.vocabularySize(), seed);
  }

  /** The logits of every greedy step of a sequence that is alone, its prompt in one piece. */
  private List<float[]> alone(int[] prompt) {
    TestDriver driver = driver(0);
    return generate(driver, driver.sequence(prompt), new int[] {prompt.length});
  }

  private List<float[]> generate(TestDriver driver, TestSequence sequence, int[] chunks) {
    float[] logits = null;
    for (int chunk : chunks) {
      logits = driver.step(List.of(sequence), chunk)[0];
    }
    List<float[]> all = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      all.add(logits);
      sequence.append(driver.greedy(logits));
      logits = driver.step(List.of(sequence), 1)[0];
    }
    return all;
  }

  private void assertSame(Precision precision, List<float[]> actual, List<float[]> expected) {
    TestDriver driver = driver(0);
    for (int i = 0; i < STEPS; i++) {
      if (precision != Precision.FP32) {
        assertThat(actual.get(i)).as("logits of step %d", i).isEqualTo(expected.get(i));
      } else {
        assertThat(driver.greedy(actual.get(i)))
            .as("greedy id of step %d", i)
            .isEqualTo(driver.greedy(expected.get(i)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2, INT8, FP32, 16",
    "qwen2, INT8, FP32, 32",
    "qwen2, INT8, BF16, 16",
    "qwen2, INT8, BF16, 32",
    "llama, INT8, FP32, 16",
    "llama, INT8, BF16, 16",
    "qwen3, INT8, FP32, 16",
    "qwen3, INT8, BF16, 16",
    "qwen, INT8, FP32, 16",
    "qwen, INT8, BF16, 16",
    "qwen2, INT4, FP32, 16",
    "qwen2, INT4, BF16, 16",
    "llama, INT4, FP32, 16",
    "qwen3, INT4, FP32, 32",
    "qwen, INT4, FP32, 16",
    "qwen2, FP32, FP32, 16",
    "llama, FP32, FP32, 16",
    "qwen3, FP32, FP32, 32",
    "qwen, FP32, FP32, 16"
  })
  void shouldGiveTheSameForChunkedPrefill(
      String family, Precision precision, KvType kvType, int blockSize) throws Exception {
    open(family, precision, kvType, blockSize);
    Random random = new Random(11);
    for (Golden.Run run : golden.runs()) {
      List<float[]> expected = alone(run.prompt());
      for (int seed = 1; seed <= 4; seed++) {
        TestDriver driver = driver(seed);
        int[] chunks = cut(run.prompt().length, random);
        assertSame(precision, generate(driver, driver.sequence(run.prompt()), chunks), expected);
      }
    }
  }

  private static int[] cut(int length, Random random) {
    List<Integer> chunks = new ArrayList<>();
    for (int rest = length; rest > 0; ) {
      int chunk = 1 + random.nextInt(Math.min(rest, 37));
      chunks.add(chunk);
      rest -= chunk;
    }
    return chunks.stream().mapToInt(i -> i).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2, INT8, FP32", "llama, INT8, FP32", "qwen3, INT8, FP32", "qwen, INT8, FP32",
    "qwen2, INT8, BF16", "llama, INT8, BF16", "qwen3, INT8, BF16", "qwen, INT8, BF16",
    "qwen2, INT4, FP32", "llama, INT4, BF16", "qwen3, INT4, FP32", "qwen, INT4, BF16",
    "qwen2, FP32, FP32", "llama, FP32, FP32", "qwen3, FP32, FP32", "qwen, FP32, FP32"
  })
  void shouldGiveTheSameBesideNeighbours(String family, Precision precision, KvType kvType)
      throws Exception {
    open(family, precision, kvType, 16);
    List<List<float[]>> expected = new ArrayList<>();
    for (Golden.Run run : golden.runs()) {
      expected.add(alone(run.prompt()));
    }
    Random random = new Random(5);
    TestDriver driver = driver(9);
    List<TestSequence> sequences = new ArrayList<>();
    List<List<float[]>> actual = new ArrayList<>();
    for (Golden.Run run : golden.runs()) {
      sequences.add(driver.sequence(run.prompt()));
      actual.add(new ArrayList<>());
    }
    // Prompts in pieces beside decodes, a random part of the sequences in each step.
    while (actual.stream().anyMatch(logits -> logits.size() < STEPS)) {
      List<TestSequence> batch = new ArrayList<>(sequences);
      batch.removeIf(s -> random.nextInt(3) == 0);
      if (batch.isEmpty()) {
        continue;
      }
      int[] counts =
          batch.stream().mapToInt(s -> 1 + random.nextInt(Math.min(29, s.pending()))).toArray();
      float[][] logits = driver.step(batch, counts);
      for (int i = 0; i < batch.size(); i++) {
        TestSequence sequence = batch.get(i);
        if (sequence.pending() == 0) {
          actual.get(sequences.indexOf(sequence)).add(logits[i]);
          sequence.append(driver.greedy(logits[i]));
        }
      }
    }
    for (int i = 0; i < sequences.size(); i++) {
      assertSame(precision, actual.get(i), expected.get(i));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2, INT8, FP32",
    "qwen2, INT8, BF16",
    "llama, INT8, FP32",
    "llama, INT8, BF16",
    "qwen3, INT8, FP32",
    "qwen3, INT8, BF16",
    "qwen2, INT4, FP32",
    "qwen2, FP32, FP32"
  })
  void shouldGiveTheSameOnSharedPrefixBlocks(String family, Precision precision, KvType kvType)
      throws Exception {
    open(family, precision, kvType, 16);
    int[] prompt = golden.runs().get(4).prompt();
    List<float[]> expected = alone(prompt);
    TestDriver driver = driver(3);
    // The other sequence has the same first 64 ids and then its own.
    int[] other = Arrays.copyOf(prompt, 80);
    Arrays.fill(other, 64, 80, 7);
    TestSequence first = driver.sequence(other);
    driver.step(List.of(first), other.length);
    TestSequence second = driver.sequence(prompt);
    second.blocks = Arrays.copyOf(first.blocks, 4);
    second.past = 64;
    assertSame(precision, generate(driver, second, new int[] {20, prompt.length - 84}), expected);
  }

  @ParameterizedTest
  @CsvSource({"qwen2, FP32", "qwen2, BF16", "qwen, FP32"})
  void shouldGiveTheSameWhenRecomputedAfterPreemption(String family, KvType kvType)
      throws Exception {
    open(family, Precision.INT8, kvType, 16);
    int[] prompt = golden.runs().get(3).prompt();
    List<float[]> expected = alone(prompt);
    TestDriver driver = driver(4);
    TestSequence sequence = driver.sequence(prompt);
    float[] logits = driver.step(List.of(sequence), prompt.length)[0];
    for (int i = 0; i < STEPS; i++) {
      assertThat(logits).isEqualTo(expected.get(i));
      sequence.append(driver.greedy(logits));
      if (i % 7 == 3) {
        driver.release(sequence);
      }
      logits = driver.step(List.of(sequence), sequence.pending())[0];
    }
  }

  @ParameterizedTest
  @CsvSource({"1, INT8", "3, INT8", "1, INT4", "3, INT4"})
  void shouldGiveTheSameForAnyNumberOfThreads(int threads, Precision precision) throws Exception {
    open("qwen2", precision, KvType.FP32, 16);
    int[] prompt = golden.runs().get(4).prompt();
    List<float[]> expected = alone(prompt);
    runtime.close();
    runtime = CpuRuntime.open(model, new RuntimeOptions(threads, true, KvType.FP32, 8 << 20), 16);
    assertSame(precision, alone(prompt), expected);
  }
}
