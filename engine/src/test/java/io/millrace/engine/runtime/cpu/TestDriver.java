package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.runtime.StepBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** Drives a runtime with hand-made steps over blocks in random order. */
final class TestDriver {
  private final ModelRuntime runtime;
  private final ModelConfig config;
  private final int vocabularySize;
  private final Deque<Integer> free = new ArrayDeque<>();

  TestDriver(ModelRuntime runtime, ModelConfig config, int vocabularySize, long seed) {
    this.runtime = runtime;
    this.config = config;
    this.vocabularySize = vocabularySize;
    List<Integer> blocks = new ArrayList<>();
    for (int i = 0; i < runtime.blockCount(); i++) {
      blocks.add(i);
    }
    Collections.shuffle(blocks, new Random(seed));
    free.addAll(blocks);
  }

  TestSequence sequence(int[] prompt) {
    return new TestSequence(prompt, alpha(prompt.length));
  }

  private float alpha(int promptLength) {
    if (config.ropeScaling() != null && config.growsWithPrompt()) {
      double factor = config.ropeScaling().factor();
      return (float) Math.max(1, factor * promptLength / config.maxPositions() - (factor - 1));
    }
    if (!config.dynamicNtk()) {
      return 1f;
    }
    double power = Math.log((double) promptLength / config.trainedLength()) / Math.log(2) + 1;
    return (float) Math.max(1, Math.pow(2, Math.ceil(power)) - 1);
  }

  /** Runs one step: {@code counts[i]} tokens of sequence i; returns each one's last logits. */
  float[][] step(List<TestSequence> sequences, int... counts) {
    int n = sequences.size();
    int[] start = new int[n + 1];
    int[] past = new int[n];
    int[][] tables = new int[n][];
    float[] alphas = new float[n];
    int[] wanted = new int[n];
    for (int i = 0; i < n; i++) {
      TestSequence s = sequences.get(i);
      start[i + 1] = start[i] + counts[i];
      past[i] = s.past;
      wanted[i] = start[i + 1] - 1;
      alphas[i] = s.alpha;
      cover(s, s.past + counts[i]);
      tables[i] = s.blocks;
    }
    int[] tokens = new int[start[n]];
    for (int i = 0; i < n; i++) {
      System.arraycopy(sequences.get(i).ids, past[i], tokens, start[i], counts[i]);
    }
    runtime.step(new StepBatch(n, tokens, start, past, tables, alphas, wanted));
    float[][] logits = new float[n][runtime.logitColumns()];
    for (int i = 0; i < n; i++) {
      sequences.get(i).past += counts[i];
      runtime.copyLogits(i, logits[i]);
    }
    return logits;
  }

  private void cover(TestSequence s, int tokens) {
    int needed = (tokens + runtime.blockSize() - 1) / runtime.blockSize();
    int had = s.blocks.length;
    s.blocks = Arrays.copyOf(s.blocks, Math.max(had, needed));
    for (int i = had; i < needed; i++) {
      s.blocks[i] = free.remove();
    }
  }

  void release(TestSequence s) {
    for (int block : s.blocks) {
      free.add(block);
    }
    s.blocks = new int[0];
    s.past = 0;
  }

  int greedy(float[] logits) {
    int best = 0;
    for (int i = 1; i < vocabularySize; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }
}
