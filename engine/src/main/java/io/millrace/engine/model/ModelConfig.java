package io.millrace.engine.model;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The architecture, read from a checkpoint's config.json whatever its naming scheme.
 *
 * @param hiddenSize width of the residual stream
 * @param layers number of transformer layers
 * @param heads query heads
 * @param kvHeads key/value heads; heads is a multiple of it
 * @param headDim width of one head
 * @param ffnSize width of the gated MLP (of one of its two halves)
 * @param vocabularyRows rows of the embedding, padding included
 * @param maxPositions longest sequence that the checkpoint declares
 * @param rmsNormEpsilon epsilon of every RMS norm
 * @param ropeTheta rotary base
 * @param qkvBias whether q, k and v have biases
 * @param qkNorm whether q and k are RMS-normalised per head before RoPE (Qwen3)
 * @param tiedEmbeddings whether the output head is the embedding
 * @param dynamicNtk whether RoPE's base grows with the prompt beyond trainedLength (Qwen v1)
 * @param lognAttention whether queries beyond trainedLength are scaled (Qwen v1)
 * @param trainedLength seq_length of Qwen v1; maxPositions elsewhere
 * @param ropeScaling how the rotary embedding is stretched, null for not at all
 */
public record ModelConfig(
    Family family,
    int hiddenSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int ffnSize,
    int vocabularyRows,
    int maxPositions,
    double rmsNormEpsilon,
    double ropeTheta,
    boolean qkvBias,
    boolean qkNorm,
    boolean tiedEmbeddings,
    boolean dynamicNtk,
    boolean lognAttention,
    int trainedLength,
    // Left out where null: the fingerprint of a model without it stays what it was.
    @JsonInclude(JsonInclude.Include.NON_NULL) RopeScaling ropeScaling) {

  /** The file of a checkpoint that it is read from. */
  public static final String CHECKPOINT_FILE = "config.json";

  /** An architecture without RoPE scaling. */
  public ModelConfig(
      Family family,
      int hiddenSize,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      int ffnSize,
      int vocabularyRows,
      int maxPositions,
      double rmsNormEpsilon,
      double ropeTheta,
      boolean qkvBias,
      boolean qkNorm,
      boolean tiedEmbeddings,
      boolean dynamicNtk,
      boolean lognAttention,
      int trainedLength) {
    this(
        family,
        hiddenSize,
        layers,
        heads,
        kvHeads,
        headDim,
        ffnSize,
        vocabularyRows,
        maxPositions,
        rmsNormEpsilon,
        ropeTheta,
        qkvBias,
        qkNorm,
        tiedEmbeddings,
        dynamicNtk,
        lognAttention,
        trainedLength,
        null);
  }

  /**
   * The same weights, read beyond a trained length with Qwen v1's dynamic NTK and LogN attention or
   * without either.
   *
   * @param positions longest sequence
   */
  public ModelConfig reaching(
      boolean withDynamicNtk, boolean withLognAttention, int trained, int positions) {
    return new ModelConfig(
        family,
        hiddenSize,
        layers,
        heads,
        kvHeads,
        headDim,
        ffnSize,
        vocabularyRows,
        positions,
        rmsNormEpsilon,
        ropeTheta,
        qkvBias,
        qkNorm,
        tiedEmbeddings,
        withDynamicNtk,
        withLognAttention,
        trained,
        ropeScaling);
  }

  /** Whether a sequence may outgrow maxPositions, its rotary base growing with the prompt. */
  public boolean growsWithPrompt() {
    return dynamicNtk || (ropeScaling != null && ropeScaling.type() == RopeScaling.Type.DYNAMIC);
  }

  /** Width of the packed q, k and v of one token: {@code (heads + 2 * kvHeads) * headDim}. */
  public int qkvSize() {
    return (heads + 2 * kvHeads) * headDim;
  }
}
