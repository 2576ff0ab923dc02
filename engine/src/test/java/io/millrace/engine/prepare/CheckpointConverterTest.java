package io.millrace.engine.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.engine.model.Family;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.model.Weight;
import io.millrace.engine.model.WeightsLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Converts the golden checkpoints and compares every weight with the checkpoint's own. */
class CheckpointConverterTest {

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"qwen", "qwen2", "qwen3", "llama"})
  void shouldStoreEveryWeightWhereTheManifestSays(String family) throws IOException {
    PreparedModel model = convert(family, Precision.FP32, "out");
    Map<String, float[]> checkpoint = WholeSafetensors.readAll(GoldenCheckpoints.path(family));
    for (Weight weight : WeightsLayout.weights(model.config())) {
      assertThat(model.floats(weight.name()))
          .as(weight.name())
          .isEqualTo(expected(weight, model.config(), checkpoint));
      assertThat(model.manifest().tensors().get(weight.name()).offset() % 4096).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen", "qwen2", "qwen3", "llama"})
  void shouldQuantiseEveryMatrixPerOutputChannel(String family) throws IOException {
    PreparedModel exact = convert(family, Precision.FP32, "fp32");
    PreparedModel model = convert(family, Precision.INT8, "int8");
    for (Weight weight : WeightsLayout.weights(model.config())) {
      float[] values = exact.floats(weight.name());
      if (weight.kind() == Weight.Kind.VECTOR) {
        assertThat(model.floats(weight.name())).isEqualTo(values);
        continue;
      }
      ByteBuffer q = model.tensor(weight.name());
      float[] scales = model.floats(weight.scaleName());
      assertThat(scales).hasSize(weight.rows());
      for (int i = 0; i < values.length; i++) {
        boolean linear = weight.kind() != Weight.Kind.EMBEDDING;
        float scale = scales[linear ? i % weight.rows() : i / weight.columns()];
        assertThat(q.get(i) * scale)
            .as("%s[%d]", weight.name(), i)
            .isCloseTo(values[i], within(0.501f * scale));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen", "qwen2", "qwen3", "llama"})
  void shouldGiveTheSameBytesEachTime(String family) throws IOException {
    Path one = convert(family, Precision.INT8, "one").directory();
    Path two = convert(family, Precision.INT8, "two").directory();
    try (Stream<Path> files = Files.list(one)) {
      List<Path> names = files.map(Path::getFileName).toList();
      assertThat(names).hasSize(3);
      for (Path name : names) {
        assertThat(two.resolve(name)).hasSameBinaryContentAs(one.resolve(name));
      }
    }
    PreparedModel.open(one).verify(ProgressListener.NONE);
  }

  @Test
  void shouldGiveEachPrecisionAndArchitectureItsOwnFingerprint() throws IOException {
    assertThat(
            Stream.of(
                convert("qwen2", Precision.FP32, "a").manifest().fingerprint(),
                convert("qwen2", Precision.INT8, "b").manifest().fingerprint(),
                convert("qwen3", Precision.INT8, "c").manifest().fingerprint()))
        .doesNotHaveDuplicates()
        .allMatch(f -> f.matches("[0-9a-f]{64}"));
  }

  @Test
  void shouldKeepATiedHeadEqualToTheEmbedding() throws IOException {
    PreparedModel model = convert("qwen2", Precision.INT8, "out");
    ModelConfig config = model.config();
    assertThat(config.tiedEmbeddings()).isTrue();
    assertThat(model.floats("head.scale")).isEqualTo(model.floats("embed.scale"));
    ByteBuffer head = model.tensor("head.weight");
    ByteBuffer embed = model.tensor("embed.weight");
    for (int row = 0; row < config.vocabularyRows(); row++) {
      for (int i = 0; i < config.hiddenSize(); i++) {
        assertThat(head.get(i * config.vocabularyRows() + row))
            .isEqualTo(embed.get(row * config.hiddenSize() + i));
      }
    }
  }

  @Test
  void shouldReportProgressUpToTheLastByte() throws IOException {
    long[] last = new long[2];
    Path out = directory.resolve("out");
    CheckpointConverter.convert(
        GoldenCheckpoints.path("llama"),
        Precision.INT8,
        out,
        (tensor, done, total) -> {
          if (!tensor.equals("fingerprint")) {
            assertThat(done).isGreaterThan(last[0]);
            last[0] = done;
            last[1] = total;
          }
        });
    assertThat(last[0]).isPositive().isEqualTo(last[1]);
  }

  private PreparedModel convert(String family, Precision precision, String name)
      throws IOException {
    Path out = directory.resolve(name);
    Manifest written =
        CheckpointConverter.convert(
            GoldenCheckpoints.path(family), precision, out, ProgressListener.NONE);
    PreparedModel model = PreparedModel.open(out);
    assertThat(model.manifest().fingerprint()).isEqualTo(written.fingerprint());
    return model;
  }

  /** A weight in the layout of the manifest, put together from the checkpoint's tensors. */
  private static float[] expected(Weight weight, ModelConfig c, Map<String, float[]> checkpoint) {
    float[][] parts = sources(weight.name(), c).map(checkpoint::get).toArray(float[][]::new);
    int columns = weight.columns();
    float[] stacked = new float[Arrays.stream(parts).mapToInt(p -> p.length).sum()];
    int position = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, stacked, position, part.length);
      position += part.length;
    }
    if (weight.kind() == Weight.Kind.VECTOR || weight.kind() == Weight.Kind.EMBEDDING) {
      return stacked;
    }
    float[] transposed = new float[stacked.length];
    IntStream.range(0, stacked.length)
        .forEach(i -> transposed[i % columns * weight.rows() + i / columns] = stacked[i]);
    return transposed;
  }

  private static Stream<String> sources(String name, ModelConfig c) {
    String head = c.tiedEmbeddings() ? "embed.weight" : "lm_head.weight";
    String[] names = (name.equals("head.weight") ? head : name).split("(?<=layers\\.\\d{1,2}\\.)");
    String within = names[names.length - 1];
    String layer = names.length == 2 ? names[0] : "";
    return c.family() == Family.QWEN
        ? qwenNames(within).map(n -> layer.replace("layers", "transformer.h") + n)
        : names(within).map(n -> (layer.isEmpty() ? "" : "model.") + layer + n);
  }

  private static Stream<String> qwenNames(String within) {
    return switch (within) {
      case "embed.weight" -> Stream.of("transformer.wte.weight");
      case "norm.weight" -> Stream.of("transformer.ln_f.weight");
      case "attention_norm.weight" -> Stream.of("ln_1.weight");
      case "mlp_norm.weight" -> Stream.of("ln_2.weight");
      case "qkv.weight", "qkv.bias" -> Stream.of(within.replace("qkv", "attn.c_attn"));
      case "output.weight" -> Stream.of("attn.c_proj.weight");
      case "gate_up.weight" -> Stream.of("mlp.w2.weight", "mlp.w1.weight");
      case "down.weight" -> Stream.of("mlp.c_proj.weight");
      default -> Stream.of(within);
    };
  }

  private static Stream<String> names(String within) {
    return switch (within) {
      case "embed.weight" -> Stream.of("model.embed_tokens.weight");
      case "norm.weight" -> Stream.of("model.norm.weight");
      case "attention_norm.weight" -> Stream.of("input_layernorm.weight");
      case "mlp_norm.weight" -> Stream.of("post_attention_layernorm.weight");
      case "qkv.weight", "qkv.bias" ->
          Stream.of("q", "k", "v").map(x -> within.replace("qkv", "self_attn." + x + "_proj"));
      case "q_norm.weight", "k_norm.weight" -> Stream.of("self_attn." + within);
      case "output.weight" -> Stream.of("self_attn.o_proj.weight");
      case "gate_up.weight" -> Stream.of("mlp.gate_proj.weight", "mlp.up_proj.weight");
      case "down.weight" -> Stream.of("mlp.down_proj.weight");
      default -> Stream.of(within);
    };
  }
}
