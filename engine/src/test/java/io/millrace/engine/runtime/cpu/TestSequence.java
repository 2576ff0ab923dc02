package io.millrace.engine.runtime.cpu;

import java.util.Arrays;

/** A sequence driven by hand: its ids, how many of them have KV, and its blocks. */
final class TestSequence {
  int[] ids;
  int past;
  int[] blocks = new int[0];
  final float alpha;

  TestSequence(int[] prompt, float alpha) {
    this.ids = prompt.clone();
    this.alpha = alpha;
  }

  int pending() {
    return ids.length - past;
  }

  void append(int id) {
    ids = Arrays.copyOf(ids, ids.length + 1);
    ids[ids.length - 1] = id;
  }
}
