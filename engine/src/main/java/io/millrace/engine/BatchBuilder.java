package io.millrace.engine;

import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.schedule.Chunk;
import io.millrace.engine.schedule.Sequence;
import java.util.List;

/** Packs the chunks of a plan into the arrays that a runtime reads. */
final class BatchBuilder {
  private BatchBuilder() {}

  static StepBatch build(List<Chunk> chunks) {
    int count = chunks.size();
    int[] start = new int[count + 1];
    int rows = 0;
    for (int s = 0; s < count; s++) {
      start[s + 1] = start[s] + chunks.get(s).tokens();
      rows += chunks.get(s).reachesEnd() ? 1 : 0;
    }
    int[] tokens = new int[start[count]];
    int[] past = new int[count];
    int[][] blockTables = new int[count][];
    float[] ropeAlpha = new float[count];
    int[] logitRows = new int[rows];
    int row = 0;
    for (int s = 0; s < count; s++) {
      Sequence sequence = chunks.get(s).sequence();
      past[s] = sequence.computed();
      System.arraycopy(sequence.tokens(), past[s], tokens, start[s], start[s + 1] - start[s]);
      blockTables[s] = sequence.table().blocks();
      ropeAlpha[s] = sequence.ropeAlpha();
      if (chunks.get(s).reachesEnd()) {
        logitRows[row++] = start[s + 1] - 1;
      }
    }
    return new StepBatch(count, tokens, start, past, blockTables, ropeAlpha, logitRows);
  }
}
