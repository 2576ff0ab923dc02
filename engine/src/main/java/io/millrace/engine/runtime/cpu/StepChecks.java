package io.millrace.engine.runtime.cpu;

import io.millrace.engine.runtime.StepBatch;

/**
 * Refuses a batch that would write outside its blocks or read outside the vocabulary: a scheduler's
 * bug must not become a wrong answer for another sequence.
 */
record StepChecks(int vocabularyRows, int blockSize, int blockCount) {

  void check(StepBatch batch) {
    if (batch.sequences() < 1 || batch.start()[0] != 0) {
      throw refuse("a step needs a sequence, and start[0] must be 0");
    }
    for (int s = 0; s < batch.sequences(); s++) {
      checkSequence(batch, s);
    }
    for (int i = 0; i < batch.tokenCount(); i++) {
      int token = batch.tokens()[i];
      if (token < 0 || token >= vocabularyRows) {
        throw refuse(
            "token id " + token + " does not exist: ids run from 0 to " + (vocabularyRows - 1));
      }
    }
    int last = -1;
    for (int row : batch.logitRows()) {
      if (row <= last || row >= batch.tokenCount()) {
        throw refuse("logitRows must ascend within the step's tokens, but hold " + row);
      }
      last = row;
    }
  }

  private void checkSequence(StepBatch batch, int s) {
    int tokens = batch.start()[s + 1] - batch.start()[s];
    if (tokens < 1 || batch.past()[s] < 0) {
      throw refuse("sequence " + s + " has " + tokens + " new tokens after " + batch.past()[s]);
    }
    if (!(batch.ropeAlpha()[s] >= 1)) {
      throw refuse("ropeAlpha of sequence " + s + " is " + batch.ropeAlpha()[s] + ", below 1");
    }
    int blocks = (batch.past()[s] + tokens + blockSize - 1) / blockSize;
    int[] table = batch.blockTables()[s];
    if (table.length < blocks) {
      throw refuse("sequence " + s + " needs " + blocks + " blocks but has " + table.length);
    }
    for (int i = 0; i < blocks; i++) {
      if (table[i] < 0 || table[i] >= blockCount) {
        throw refuse("block " + table[i] + " of sequence " + s + " is not of the " + blockCount);
      }
    }
  }

  private static IllegalArgumentException refuse(String what) {
    return new IllegalArgumentException(what);
  }
}
