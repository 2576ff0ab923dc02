package io.millrace.engine.runtime.probe;

import io.millrace.engine.runtime.onnx.WeightFormat;

/**
 * What this machine can do at most, measured in a few seconds: the yardstick for a step's speed.
 *
 * @param threads that measured together
 * @param readBytesPerSecond from memory, far beyond the caches
 * @param int8OpsPerSecond of ONNX Runtime's fastest exact 8-bit product, a multiplication and an
 *     addition each counted as one
 * @param fp32OpsPerSecond the same in float
 */
public record MachineProbe(
    int threads, double readBytesPerSecond, double int8OpsPerSecond, double fp32OpsPerSecond) {

  /**
   * @param threads 0 takes the machine's cores
   */
  public static MachineProbe measure(int threads) {
    int used = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    return new MachineProbe(
        used,
        MemoryRead.bytesPerSecond(used),
        ProductPeak.opsPerSecond(WeightFormat.INT8, used),
        ProductPeak.opsPerSecond(WeightFormat.FLOAT, used));
  }
}
