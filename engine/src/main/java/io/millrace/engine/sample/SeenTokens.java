package io.millrace.engine.sample;

import java.util.Arrays;

/** Which ids a sequence holds and how often it generated each: what the penalties need. */
public final class SeenTokens {
  private static final int EMPTY = -1;

  private final boolean wanted;
  private final boolean wantsPrompt;
  private final float repetition;
  private final float presence;
  private final float frequency;
  private int[] ids = new int[64];
  private int[] generated = new int[64];
  private int size;

  public SeenTokens(SamplingParameters parameters, int[] prompt) {
    repetition = (float) parameters.repetitionPenalty();
    presence = (float) parameters.presencePenalty();
    frequency = (float) parameters.frequencyPenalty();
    wantsPrompt = repetition != 1;
    wanted = wantsPrompt || presence != 0 || frequency != 0;
    Arrays.fill(ids, EMPTY);
    if (wantsPrompt) {
      for (int id : prompt) {
        slot(id);
      }
    }
  }

  /** Counts a generated token. */
  public void add(int id) {
    if (wanted) {
      int slot = slot(id); // may replace the arrays
      generated[slot]++;
    }
  }

  /** Whether any penalty is on. */
  boolean penalises() {
    return wanted;
  }

  /**
   * Changes the logits of seen ids in place; ids of {@code vocabulary} and above stay as they are.
   */
  void penalise(float[] row, int vocabulary) {
    for (int i = 0; i < ids.length; i++) {
      int id = ids[i];
      if (id == EMPTY || id >= vocabulary) {
        continue;
      }
      if (wantsPrompt) {
        row[id] = row[id] < 0 ? row[id] * repetition : row[id] / repetition;
      }
      if (generated[i] > 0) {
        row[id] -= frequency * generated[i];
        row[id] -= presence;
      }
    }
  }

  private int slot(int id) {
    int slot = probe(id);
    if (ids[slot] == EMPTY) {
      if (2 * ++size > ids.length) {
        grow();
        slot = probe(id);
      }
      ids[slot] = id;
    }
    return slot;
  }

  private int probe(int id) {
    int mask = ids.length - 1;
    int slot = (id * 0x9E3779B9) >>> 7 & mask;
    while (ids[slot] != EMPTY && ids[slot] != id) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int[] oldIds = ids;
    int[] oldGenerated = generated;
    ids = new int[2 * oldIds.length];
    generated = new int[ids.length];
    Arrays.fill(ids, EMPTY);
    for (int i = 0; i < oldIds.length; i++) {
      if (oldIds[i] != EMPTY) {
        int slot = probe(oldIds[i]);
        ids[slot] = oldIds[i];
        generated[slot] = oldGenerated[i];
      }
    }
  }
}
