package io.millrace.engine.runtime.cpu;

/** One worker's buffers for the step from one linear layer to the next of a single row. */
final class RowScratch {
  final byte[] bytes;
  final int[] ints;
  final float[] wide;
  final float[] narrow;

  /**
   * @param widest columns of the widest activation, the logits apart
   */
  RowScratch(int widest) {
    bytes = new byte[widest];
    ints = new int[widest];
    wide = new float[widest];
    narrow = new float[widest];
  }
}
