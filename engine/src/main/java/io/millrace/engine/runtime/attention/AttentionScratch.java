package io.millrace.engine.runtime.attention;

/** One worker's buffers: the query rows of a work item with their running softmax. */
final class AttentionScratch {
  final float[] queries;
  final float[] scores;
  final float[] outputs;
  final float[] maxima;
  final float[] sums;
  final float[] lanes = new float[16];

  AttentionScratch(int rows, int headDim, int tile) {
    queries = new float[rows * headDim];
    scores = new float[rows * tile];
    outputs = new float[rows * headDim];
    maxima = new float[rows];
    sums = new float[rows];
  }
}
