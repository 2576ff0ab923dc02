package io.millrace.engine.runtime.cpu;

/**
 * One transformer layer.
 *
 * @param qkvBias null without
 * @param qNorm null without
 * @param kNorm null without
 */
record LayerWeights(
    float[] attentionNorm,
    Linear qkv,
    float[] qkvBias,
    float[] qNorm,
    float[] kNorm,
    Linear output,
    float[] mlpNorm,
    Linear gateUp,
    Linear down) {}
