package io.millrace.tools.bench;

import io.millrace.engine.model.Manifest;
import io.millrace.engine.runtime.probe.MachineProbe;
import java.util.List;

/**
 * All that one benchmark measured.
 *
 * @param weightsBytes size of the model's weights file
 * @param prefill one per context
 * @param decode one per number of sequences and context
 * @param leftOut why combinations are missing
 */
public record BenchResult(
    CpuInfo cpu,
    MachineProbe machine,
    Manifest model,
    long weightsBytes,
    BenchPlan plan,
    List<Measurement> prefill,
    List<Decode> decode,
    List<String> leftOut) {

  /** A decode measurement with its engine's memory. */
  record Decode(Measurement speed, MemoryUse memory) {}
}
