package io.millrace.engine.testing;

import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.runtime.RuntimeFailureException;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.runtime.StepTimings;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * A model without maths: the "KV" of a position is a hash of its token and of everything that its
 * sequence's blocks hold before it, and the logits are a hash of all of that. A wrong or stale
 * block anywhere changes the answer. It also refuses steps that write a slot twice or write what
 * another sequence of the step reads.
 */
public class HashRuntime implements ModelRuntime {
  public static final int COLUMNS = 104;

  /** A batch that computes this id fails as a whole. */
  public static final int FAILING_TOKEN = 94;

  /** After this id the logits are NaN. */
  public static final int POISON_TOKEN = 93;

  private final int blockSize;
  private final long[] slots;
  private final StepTimings timings = new StepTimings();
  private long[] rows = {};
  private int[] lastTokens = {};
  private boolean[] poisoned = {};
  private volatile boolean closed;

  public HashRuntime(int blocks, int blockSize) {
    this.blockSize = blockSize;
    slots = new long[blocks * blockSize];
  }

  @Override
  public int blockSize() {
    return blockSize;
  }

  @Override
  public int blockCount() {
    return slots.length / blockSize;
  }

  @Override
  public int logitColumns() {
    return COLUMNS;
  }

  @Override
  public StepTimings timings() {
    return timings;
  }

  @Override
  public void step(StepBatch batch) {
    requireDisjoint(batch);
    rows = new long[batch.logitRows().length];
    lastTokens = new int[rows.length];
    poisoned = new boolean[rows.length];
    int row = 0;
    boolean failing = false;
    for (int s = 0; s < batch.sequences(); s++) {
      long state = Float.floatToIntBits(batch.ropeAlpha()[s]);
      for (int p = 0; p < batch.past()[s]; p++) {
        state = mix(state ^ slots[slot(batch, s, p)]);
      }
      for (int i = batch.start()[s]; i < batch.start()[s + 1]; i++) {
        int token = batch.tokens()[i];
        failing |= token == FAILING_TOKEN;
        int position = batch.past()[s] + i - batch.start()[s];
        long kv = mix(state + 31L * token + position);
        slots[slot(batch, s, position)] = kv;
        state = mix(state ^ kv);
        if (row < rows.length && batch.logitRows()[row] == i) {
          poisoned[row] = token == POISON_TOKEN;
          lastTokens[row] = token;
          rows[row++] = state;
        }
      }
    }
    if (row != rows.length) {
      throw new AssertionError("logit rows are not ascending token indices");
    }
    if (failing) {
      throw new RuntimeFailureException("token " + FAILING_TOKEN + " was computed", null);
    }
  }

  @Override
  public void fillKvCache(long seed) {
    Arrays.setAll(slots, slot -> mix(seed + slot));
  }

  private void requireDisjoint(StepBatch batch) {
    Set<Integer> written = new HashSet<>();
    for (int s = 0; s < batch.sequences(); s++) {
      int end = batch.past()[s] + batch.start()[s + 1] - batch.start()[s];
      for (int p = batch.past()[s]; p < end; p++) {
        if (!written.add(slot(batch, s, p))) {
          throw new AssertionError("a slot is written twice in one step");
        }
      }
    }
    for (int s = 0; s < batch.sequences(); s++) {
      for (int p = 0; p < batch.past()[s]; p++) {
        if (written.contains(slot(batch, s, p))) {
          throw new AssertionError("a slot is written while another sequence reads it");
        }
      }
    }
  }

  private int slot(StepBatch batch, int sequence, int position) {
    return batch.blockTables()[sequence][position / blockSize] * blockSize + position % blockSize;
  }

  @Override
  public void copyLogits(int row, float[] into) {
    for (int id = 0; id < COLUMNS; id++) {
      into[id] = poisoned[row] ? Float.NaN : (mix(rows[row] + id) >>> 40) * 0x1.0p-21f;
    }
    // Padding is always the most likely, so choosing it once would show.
    for (int id = TestTokenizer.VOCABULARY; id < COLUMNS; id++) {
      into[id] = 1000;
    }
    // These two break steps: they come from prompts only.
    into[FAILING_TOKEN] = -1000;
    into[POISON_TOKEN] = -1000;
  }

  /** A number made of all that this row's token attends to. */
  long state(int row) {
    return rows[row];
  }

  int lastToken(int row) {
    return lastTokens[row];
  }

  @Override
  public void close() {
    closed = true;
  }

  public boolean isClosed() {
    return closed;
  }

  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
