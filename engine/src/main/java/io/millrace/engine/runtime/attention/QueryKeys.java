package io.millrace.engine.runtime.attention;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.kernel.RowKernels;

/**
 * Turns a token's packed q, k, v into scaled queries and stored keys and values: per-head norm,
 * rotary embedding, LogN scaling.
 */
public final class QueryKeys {
  private final ModelConfig config;
  private final KvStorage pool;
  private final RopeTables ropes;

  public QueryKeys(ModelConfig config, KvStorage pool) {
    this.config = config;
    this.pool = pool;
    ropes = new RopeTables(config);
  }

  /** Readies a sequence's rotary table; to be called before its rows are worked on in parallel. */
  public RopeTable rope(float alpha, int positions) {
    RopeTable table = ropes.of(alpha);
    table.cover(positions);
    return table;
  }

  /**
   * Works on one token of one layer.
   *
   * @param qkv the token's q, k, v, used as scratch
   * @param qNorm weights of the query's norm, null without
   * @param kNorm weights of the key's norm, null without
   * @param queries receives the queries, already multiplied by attention's scale
   */
  public void prepare(
      int layer,
      float[] qkv,
      float[] qNorm,
      float[] kNorm,
      RopeTable rope,
      int position,
      int[] blockTable,
      float[] queries,
      int queriesFrom) {
    int dim = config.headDim();
    int keys = config.heads() * dim;
    int values = keys + config.kvHeads() * dim;
    float scale = (float) (logN(position) / Math.sqrt(dim));
    for (int head = 0; head < config.heads(); head++) {
      normAndRotate(qkv, head * dim, qNorm, rope, position);
    }
    for (int i = 0; i < keys; i++) {
      queries[queriesFrom + i] = qkv[i] * scale;
    }
    int block = blockTable[position / pool.blockSize()];
    int slot = position % pool.blockSize();
    for (int head = 0; head < config.kvHeads(); head++) {
      int key = keys + head * dim;
      normAndRotate(qkv, key, kNorm, rope, position);
      pool.store(layer, block, slot, head, qkv, key, values + head * dim);
    }
  }

  private void normAndRotate(float[] qkv, int from, float[] norm, RopeTable rope, int position) {
    if (norm != null) {
      RowKernels.rmsNorm(qkv, from, config.headDim(), norm, config.rmsNormEpsilon(), qkv, from);
    }
    rope.rotate(qkv, from, position);
  }

  private double logN(int position) {
    boolean beyond = config.lognAttention() && position + 1 > config.trainedLength();
    return beyond ? StrictMath.log(position + 1.0) / StrictMath.log(config.trainedLength()) : 1.0;
  }
}
