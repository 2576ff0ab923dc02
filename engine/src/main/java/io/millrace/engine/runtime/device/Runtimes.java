package io.millrace.engine.runtime.device;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.runtime.RuntimeOptions;
import io.millrace.engine.runtime.attention.KvStorage;
import io.millrace.engine.runtime.cpu.CpuRuntime;

/**
 * Opens the runtime of the device that there is. Nothing else names a device's runtime, and nothing
 * else knows how large a KV block is before its runtime is open.
 */
public final class Runtimes {

  /** Tokens of a KV block: also the least that the prefix cache shares. */
  private static final int BLOCK_SIZE = 16;

  private Runtimes() {}

  /**
   * Opens a prepared model. The caller closes the runtime.
   *
   * @throws io.millrace.engine.runtime.RuntimeFailureException if the native library or the model
   *     cannot be loaded, or the KV pool does not fit in memory
   * @throws java.io.UncheckedIOException if the weights cannot be read
   */
  public static ModelRuntime open(PreparedModel model, RuntimeOptions options) {
    return CpuRuntime.open(model, options, BLOCK_SIZE);
  }

  /** KV blocks that a sequence of so many tokens takes. */
  public static int blocks(int tokens) {
    return (tokens + BLOCK_SIZE - 1) / BLOCK_SIZE;
  }

  /** Bytes of one KV block over all layers. */
  public static long blockBytes(ModelConfig config, KvType type) {
    return KvStorage.blockBytes(config, type, BLOCK_SIZE);
  }

  /** Bytes that the keys and values of one token take over all layers. */
  public static long tokenBytes(ModelConfig config, KvType type) {
    return blockBytes(config, type) / BLOCK_SIZE;
  }
}
