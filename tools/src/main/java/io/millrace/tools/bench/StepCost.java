package io.millrace.tools.bench;

import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import io.millrace.engine.runtime.probe.MachineProbe;

/**
 * What a step must read and compute whatever the code, and how long this machine needs for it at
 * least: linear layers and attention one after the other, each bound by memory or by arithmetic.
 * Norms and sampling are left out, and nothing is taken from the caches.
 */
final class StepCost {

  /** The least time of a step, in milliseconds. */
  record Bound(double linearMs, double attentionMs) {
    double totalMs() {
      return linearMs + attentionMs;
    }
  }

  private final MachineProbe machine;
  private final double linearPeak;
  private final long layerBytes;
  private final long headBytes;
  private final double kvBytesPerToken;

  /** Weights of the layers that every token needs, of the last layer's end, and of the head. */
  private final double layerWeights;

  private final double lastEndWeights;
  private final double headWeights;
  private final double attentionOpsPerPair;

  StepCost(Manifest manifest, double kvBytesPerToken, MachineProbe machine) {
    this.machine = machine;
    this.kvBytesPerToken = kvBytesPerToken;
    ModelConfig c = manifest.config();
    linearPeak =
        manifest.precision() == Precision.FP32
            ? machine.fp32OpsPerSecond()
            : machine.int8OpsPerSecond();
    layerBytes = bytes(manifest, "layers.");
    headBytes = bytes(manifest, "head.");
    double hidden = c.hiddenSize();
    double attentionWidth = (double) c.heads() * c.headDim();
    lastEndWeights = hidden * attentionWidth + 3 * hidden * c.ffnSize();
    layerWeights = c.layers() * (hidden * c.qkvSize() + lastEndWeights) - lastEndWeights;
    headWeights = hidden * c.vocabularyRows();
    // A multiplication and an addition for a score, the same again for its value.
    attentionOpsPerPair = 4 * attentionWidth * c.layers();
  }

  private static long bytes(Manifest manifest, String prefix) {
    return manifest.tensors().entrySet().stream()
        .filter(tensor -> tensor.getKey().startsWith(prefix))
        .mapToLong(tensor -> tensor.getValue().length())
        .sum();
  }

  /**
   * One token of each sequence.
   *
   * @param context tokens that each attends to
   */
  Bound decode(int sequences, double context) {
    double pairs = sequences * context;
    return bound(
        layerBytes + headBytes,
        sequences * (layerWeights + lastEndWeights + headWeights),
        pairs * kvBytesPerToken,
        pairs);
  }

  /** The average step of prompts that are computed whole, from the first token on. */
  Bound prefill(int prompts, int length, int steps) {
    double tokens = (double) prompts * length;
    double perStep = tokens / steps;
    // A chunk reads what its prompt has so far, and half of the chunk on average.
    double read = tokens * Math.max(1, length / perStep) / 2;
    return bound(
        layerBytes,
        (tokens * layerWeights + prompts * (lastEndWeights + headWeights)) / steps,
        read * kvBytesPerToken / steps,
        tokens * (length + 1) / 2 / steps);
  }

  private Bound bound(double weightBytes, double products, double kvBytes, double pairs) {
    return new Bound(
        1000 * Math.max(weightBytes / machine.readBytesPerSecond(), 2 * products / linearPeak),
        1000
            * Math.max(
                kvBytes / machine.readBytesPerSecond(),
                pairs * attentionOpsPerPair / machine.fp32OpsPerSecond()));
  }
}
