package io.millrace.engine.testing;

import io.millrace.engine.runtime.StepBatch;
import java.util.Arrays;

/** Answers every prompt of one length with the same ids, with probability almost 1. */
public class ScriptRuntime extends HashRuntime {
  private final int promptLength;
  private final int[] answer;
  private int[] next = {};

  public ScriptRuntime(int promptLength, int... answer) {
    super(64, 4);
    this.promptLength = promptLength;
    this.answer = answer;
  }

  @Override
  public void step(StepBatch batch) {
    super.step(batch);
    next = new int[batch.logitRows().length];
    int s = 0;
    for (int row = 0; row < next.length; row++) {
      int token = batch.logitRows()[row];
      while (batch.start()[s + 1] <= token) {
        s++;
      }
      int position = batch.past()[s] + token - batch.start()[s];
      int index = Math.floorMod(position + 1 - promptLength, answer.length);
      next[row] = answer[index];
    }
  }

  @Override
  public void copyLogits(int row, float[] into) {
    Arrays.fill(into, 0);
    into[next[row]] = 50;
  }
}
