package io.millrace.engine.model;

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
    int trainedLength) {

  /** Width of the packed q, k and v of one token: {@code (heads + 2 * kvHeads) * headDim}. */
  public int qkvSize() {
    return (heads + 2 * kvHeads) * headDim;
  }
}
