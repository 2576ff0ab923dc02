package io.millrace.engine.batching;

import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.schedule.ScheduledTokens;
import io.millrace.engine.schedule.Sequence;
import java.util.List;

/** Packs the chunks of a plan into the arrays that a runtime reads. */
final class BatchBuilder {
  private BatchBuilder() {}

  static StepBatch build(List<ScheduledTokens> chunks) {
    int count = chunks.size();
    int[] start = new int[count + 1];
    int rows = 0;
    for (int s = 0; s < count; s++) {
      start[s + 1] = start[s] + chunks.get(s).rows();
      rows += chunks.get(s).logitRows();
    }
    int[] tokens = new int[start[count]];
    int[] past = new int[count];
    int[][] blockTables = new int[count][];
    float[] ropeAlpha = new float[count];
    int[] logitRows = new int[rows];
    int row = 0;
    for (int s = 0; s < count; s++) {
      ScheduledTokens chunk = chunks.get(s);
      Sequence sequence = chunk.sequence();
      past[s] = sequence.computed();
      System.arraycopy(sequence.tokens(), past[s], tokens, start[s], chunk.tokens());
      System.arraycopy(chunk.draft(), 0, tokens, start[s] + chunk.tokens(), chunk.draft().length);
      blockTables[s] = sequence.table().blocks();
      ropeAlpha[s] = sequence.prefixKey().ropeAlpha();
      for (int i = chunk.logitRows(); i > 0; i--) {
        logitRows[row++] = start[s + 1] - i;
      }
    }
    return new StepBatch(count, tokens, start, past, blockTables, ropeAlpha, logitRows);
  }
}
