package io.millrace.engine.prepare;

import io.millrace.engine.model.ChatInfo;
import io.millrace.engine.model.Family;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.model.TokenizerInfo;
import io.millrace.engine.tokenize.TokenizerImporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prepared models of well-known shapes with random weights, for benchmarks. */
public final class RandomModel {

  private static final Map<String, ModelConfig> SHAPES =
      new TreeMap<>(
          Map.of(
              "qwen2.5-0.5b",
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
                  32768),
              "qwen3-0.6b",
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
                  40960),
              "qwen-7b",
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
                  8192)));

  private RandomModel() {}

  /** The names that {@code like} may have. */
  public static List<String> shapes() {
    return List.copyOf(SHAPES.keySet());
  }

  public static Manifest write(
      String like, Precision precision, Path out, ProgressListener listener) throws IOException {
    return write(like, PrepareOptions.of(precision), null, out, listener);
  }

  /**
   * @param like one of {@link #shapes()}
   * @param tokenizer a checkpoint directory to take the tokenizer from; null for none: such a model
   *     works on ids alone
   */
  public static Manifest write(
      String like, PrepareOptions options, Path tokenizer, Path out, ProgressListener listener)
      throws IOException {
    ModelConfig config = shape(like);
    String name = options.name() != null ? options.name() : like + "-random";
    return write(name, config, options, tokenizer, out, listener);
  }

  static ModelConfig shape(String like) {
    ModelConfig config = SHAPES.get(like);
    if (config == null) {
      throw new IllegalArgumentException("no shape " + like + " is known, only " + shapes());
    }
    return config;
  }

  static Manifest write(
      String name,
      ModelConfig config,
      PrepareOptions options,
      Path tokenizer,
      Path out,
      ProgressListener listener)
      throws IOException {
    try (StagedDirectory staged = StagedDirectory.create(out, options.force())) {
      TokenizerInfo info =
          tokenizer == null
              ? new TokenizerInfo(null, "none", null, Map.of(), config.vocabularyRows())
              : TokenizerImporter.importInto(tokenizer, staged.path());
      ChatInfo chat =
          options.chat(CheckpointChat.format(config.family(), info.controlTokens()), null);
      ModelFiles.Head head =
          new ModelFiles.Head(
              name,
              config,
              options.precision(),
              info,
              chat,
              null,
              List.copyOf(CheckpointChat.formatStopIds(config.family(), info.controlTokens())));
      return ModelFiles.write(staged, head, new RandomWeights(config), listener);
    }
  }
}
