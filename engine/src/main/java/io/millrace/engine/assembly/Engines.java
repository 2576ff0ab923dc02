package io.millrace.engine.assembly;

import io.millrace.engine.EngineOptions;
import io.millrace.engine.batching.ContinuousBatchingEngine;
import io.millrace.engine.batching.RopeAlpha;
import io.millrace.engine.batching.SequenceLimit;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.ChatFormats;
import io.millrace.engine.kv.BlockTable;
import io.millrace.engine.kv.KvCache;
import io.millrace.engine.kv.PrefixKey;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.runtime.RuntimeOptions;
import io.millrace.engine.runtime.device.Runtimes;
import io.millrace.engine.schedule.Limits;
import io.millrace.engine.tokenize.Tokenizer;
import io.millrace.engine.tokenize.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens engines on prepared models. */
public final class Engines {
  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

  private Engines() {}

  /**
   * Opens a model on the CPU and warms it up. The caller closes the engine.
   *
   * @throws IOException if the model's directory can't be read or holds no prepared model
   * @throws IllegalArgumentException if an option is out of its range; the message names it
   */
  public static ContinuousBatchingEngine open(EngineOptions options) throws IOException {
    return open(options, List.of());
  }

  /**
   * Opens a model for measurements of long contexts: the KV cache holds random values, and the
   * engine takes those of the given prompts for computed, all but each one's last tokens.
   *
   * @param prompts must fit the KV pool together
   */
  public static ContinuousBatchingEngine open(EngineOptions options, List<int[]> prompts)
      throws IOException {
    return open(PreparedModel.open(Path.of(options.modelDirectory())), options, prompts);
  }

  /** Opens this model, whatever directory the options name. */
  public static ContinuousBatchingEngine open(PreparedModel model, EngineOptions options)
      throws IOException {
    return open(model, options, List.of());
  }

  private static ContinuousBatchingEngine open(
      PreparedModel model, EngineOptions options, List<int[]> prompts) throws IOException {
    long start = System.nanoTime();
    Limits limits =
        new Limits(
            options.maxRunning(),
            options.maxBatchTokens(),
            options.minPrefillTokens(),
            options.drafting());
    Manifest manifest = model.manifest();
    Tokenizer tokenizer = tokenizer(model.directory(), manifest);
    ChatFormat chatFormat =
        manifest.chat() == null || tokenizer instanceof IdsOnlyTokenizer
            ? new NoChatFormat(manifest.name())
            : ChatFormats.of(manifest.chat(), tokenizer);
    ModelRuntime runtime =
        Runtimes.open(
            model,
            new RuntimeOptions(
                options.threads(), options.spin(), options.kvType(), options.kvCacheBytes()));
    try {
      KvCache kv = new KvCache(runtime.blockCount(), runtime.blockSize());
      if (!prompts.isEmpty()) {
        runtime.fillKvCache(0);
        prompts.forEach(prompt -> remember(prompt, manifest.config(), kv));
      }
      long poolTokens = (long) runtime.blockCount() * runtime.blockSize();
      ContinuousBatchingEngine engine =
          new ContinuousBatchingEngine(
              manifest,
              tokenizer,
              chatFormat,
              runtime,
              kv,
              limits,
              SequenceLimit.of(options.maxSequenceLength(), manifest.config(), poolTokens),
              Clock.systemUTC());
      LOG.info(
          "Model {} ({}) is ready after {} ms: {} sequences at one time, {} tokens of KV.",
          manifest.name(),
          manifest.precision(),
          (System.nanoTime() - start) / 1_000_000,
          limits.runnable(),
          poolTokens);
      return engine;
    } catch (RuntimeException | Error e) {
      runtime.close();
      throw e;
    }
  }

  /** Makes the prefix cache know a prompt's blocks as if it had been answered. */
  private static void remember(int[] prompt, ModelConfig config, KvCache kv) {
    BlockTable table = kv.newTable(new PrefixKey(RopeAlpha.of(config, prompt.length)));
    if (!table.reserve(prompt.length)) {
      throw new IllegalArgumentException(
          "the KV pool has no room for another prompt of "
              + prompt.length
              + " tokens: raise engine.kv-cache-size");
    }
    table.commit(prompt, prompt.length);
    table.release();
  }

  private static Tokenizer tokenizer(Path directory, Manifest manifest) throws IOException {
    return manifest.tokenizer().file() == null
        ? new IdsOnlyTokenizer(manifest.name(), manifest.tokenizer().vocabularySize())
        : Tokenizers.open(directory, manifest);
  }
}
