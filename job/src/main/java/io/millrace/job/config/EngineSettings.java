package io.millrace.job.config;

import io.millrace.engine.EngineOptions;
import io.millrace.engine.runtime.KvType;
import java.nio.file.Path;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

/** {@code model.*} and {@code engine.*}: the model, its threads, batches and KV cache. */
public final class EngineSettings {

  public static final ConfigOption<String> MODEL_DIRECTORY =
      ConfigOptions.key("model.directory")
          .stringType()
          .defaultValue("models/millrace-tiny/int8")
          .withDescription(
              "Directory of the prepared model. A relative path is looked for in the working directory, then in Millrace's home.");

  public static final ConfigOption<Integer> THREADS =
      ConfigOptions.key("engine.threads")
          .intType()
          .defaultValue(0)
          .withDescription("Threads of the model's maths; 0 takes the machine's cores.");

  public static final ConfigOption<Integer> MAX_RUNNING =
      ConfigOptions.key("engine.max-running")
          .intType()
          .defaultValue(64)
          .withDescription(
              "Sequences in one batch at most. All operators of a JVM together give the engine twice as many turns at one time, and more only where a higher priority or another tenant would have to wait.");

  public static final ConfigOption<Integer> MAX_BATCH_TOKENS =
      ConfigOptions.key("engine.max-batch-tokens")
          .intType()
          .defaultValue(512)
          .withDescription(
              "Tokens in one forward pass at most. Larger serves long prompts faster and delays running answers more.");

  public static final ConfigOption<Integer> MIN_PREFILL_TOKENS =
      ConfigOptions.key("engine.min-prefill-tokens")
          .intType()
          .defaultValue(32)
          .withDescription(
              "Prompt tokens that a forward pass takes at least while prompts wait, so that running answers do not starve them. While several tenants of one priority use the engine, the prompts of those that used more than twice the others' mean lately get no more than this of a forward pass: the longer it is, the longer others wait for theirs.");

  public static final ConfigOption<MemorySize> KV_CACHE_SIZE =
      ConfigOptions.key("engine.kv-cache-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(256))
          .withDescription(
              "Memory for the KV cache of all conversations. What does not fit is computed again.");

  public static final ConfigOption<KvType> KV_TYPE =
      ConfigOptions.key("engine.kv-type")
          .enumType(KvType.class)
          .defaultValue(KvType.FP32)
          .withDescription(
              "Number format of the KV cache, FP32 or BF16. BF16 holds twice the tokens in the same memory; its rounding can change an answer, so a turn that is generated again after a restart gives the same tokens only if this has stayed the same.");

  public static final ConfigOption<Integer> MAX_SEQUENCE_LENGTH =
      ConfigOptions.key("engine.max-sequence-length")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Longest prompt and answer together, in tokens; 0 takes the model's. Older turns that do not fit are left out.");

  public static final ConfigOption<Boolean> SPIN =
      ConfigOptions.key("engine.spin")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether idle threads of the model's maths stay awake for 2 ms and not for 50 microseconds: for machines with cores to spare.");

  private EngineSettings() {}

  static void check(ReadableConfig values) {
    SettingChecks.atLeast(0, values, THREADS);
    SettingChecks.atLeast(1, values, MAX_RUNNING);
    SettingChecks.atLeast(1, values, MAX_BATCH_TOKENS);
    SettingChecks.atLeast(0, values, MIN_PREFILL_TOKENS);
    SettingChecks.atLeast(0, values, MAX_SEQUENCE_LENGTH);
  }

  /** The model's directory as an absolute path. */
  static Path modelDirectory(ReadableConfig values) {
    return MillraceHome.resolve(Path.of(values.get(MODEL_DIRECTORY)));
  }

  /** What to open the engine with. */
  static EngineOptions of(ReadableConfig values) {
    return new EngineOptions(
        modelDirectory(values).toString(),
        values.get(THREADS),
        values.get(MAX_RUNNING),
        values.get(MAX_BATCH_TOKENS),
        values.get(MIN_PREFILL_TOKENS),
        values.get(KV_CACHE_SIZE).getBytes(),
        values.get(KV_TYPE),
        values.get(MAX_SEQUENCE_LENGTH),
        values.get(SPIN),
        DraftSettings.of(values));
  }
}
