package io.millrace.engine.batching;

import io.millrace.engine.model.ModelConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long a sequence may become: what was asked for, the model allows and the KV pool holds. */
public final class SequenceLimit {
  private static final Logger LOG = LoggerFactory.getLogger(SequenceLimit.class);

  private SequenceLimit() {}

  /**
   * @param wanted engine.max-sequence-length, 0 for the model's own
   * @param poolTokens tokens that the KV pool holds
   */
  public static int of(int wanted, ModelConfig config, long poolTokens) {
    if (wanted < 0) {
      throw new IllegalArgumentException(
          "engine.max-sequence-length is " + wanted + ", it must be 0 for the model's own or more");
    }
    if (wanted > config.maxPositions() && !config.growsWithPrompt()) {
      throw new IllegalArgumentException(
          "engine.max-sequence-length is "
              + wanted
              + ", the model was made for "
              + config.maxPositions()
              + " positions: lower it or set 0");
    }
    if (wanted > poolTokens) {
      throw new IllegalArgumentException(
          "engine.max-sequence-length is "
              + wanted
              + " but the KV pool holds only "
              + poolTokens
              + " tokens: lower it or raise engine.kv-cache-size");
    }
    if (wanted == 0 && config.maxPositions() > poolTokens) {
      LOG.warn(
          "Sequences are limited to {} tokens, all that the KV pool holds, though the model allows"
              + " {}: raise engine.kv-cache-size for longer ones.",
          poolTokens,
          config.maxPositions());
    }
    return wanted > 0 ? wanted : (int) Math.min(config.maxPositions(), poolTokens);
  }
}
