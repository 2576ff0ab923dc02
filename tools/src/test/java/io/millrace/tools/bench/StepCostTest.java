package io.millrace.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.probe.MachineProbe;
import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Expectations come from the shapes of the built-in model's tensors. */
class StepCostTest {
  private static final Offset<Double> CLOSE = within(1e-9);

  private Manifest model;
  private long weights;
  private long bytes;

  @BeforeEach
  void countWeights() throws IOException {
    model = PreparedModel.open(Path.of("../models/millrace-tiny/int8")).manifest();
    model
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith("layers.") || name.startsWith("head.")) {
                bytes += tensor.length();
                if (tensor.shape().length == 2) {
                  weights += tensor.shape()[0] * tensor.shape()[1];
                }
              }
            });
  }

  private double linearMs(MachineProbe machine, int sequences) {
    return new StepCost(model, 1, machine).decode(sequences, 1).linearMs();
  }

  @Test
  void shouldReadEveryWeightOnceAStepWhereMemoryIsTheLimit() {
    MachineProbe slowMemory = new MachineProbe(1, 1e6, 1e15, 1e15);
    assertThat(linearMs(slowMemory, 1)).isCloseTo(bytes / 1e3, CLOSE);
    assertThat(linearMs(slowMemory, 16)).isCloseTo(bytes / 1e3, CLOSE);
  }

  @Test
  void shouldMultiplyEveryWeightOnceATokenWhereArithmeticIsTheLimit() {
    MachineProbe slowProducts = new MachineProbe(1, 1e15, 1e6, 1e15);
    assertThat(linearMs(slowProducts, 16)).isCloseTo(2 * 16 * weights / 1e3, within(1e-3));
  }

  @Test
  void shouldReadTheKeysAndValuesOfEverySequence() {
    StepCost cost = new StepCost(model, 100, new MachineProbe(1, 1e6, 1e15, 1e15));
    assertThat(cost.decode(4, 50).attentionMs()).isCloseTo(4 * 50 * 100 / 1e3, CLOSE);
  }

  @Test
  void shouldCountAScoreAndAValueForEveryPairOfTokens() {
    StepCost cost = new StepCost(model, 1, new MachineProbe(1, 1e15, 1e15, 1e6));
    double width =
        (double) model.config().heads() * model.config().headDim() * model.config().layers();
    double pairs = 64 * 65 / 2.0;
    assertThat(cost.prefill(1, 64, 1).attentionMs()).isCloseTo(4 * width * pairs / 1e3, CLOSE);
  }

  @Test
  void shouldComputeAPromptsLogitsOnlyAtItsEnd() {
    StepCost cost = new StepCost(model, 1, new MachineProbe(1, 1e15, 1e6, 1e15));
    double whole = cost.decode(1, 1).linearMs();
    assertThat(cost.prefill(1, 1, 1).linearMs()).isCloseTo(whole, within(1e-3));
    assertThat(cost.prefill(1, 64, 1).linearMs()).isLessThan(64 * whole);
  }
}
