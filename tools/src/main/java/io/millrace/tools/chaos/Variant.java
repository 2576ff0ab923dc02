package io.millrace.tools.chaos;

import io.millrace.job.config.CheckpointSettings;
import java.util.Map;
import java.util.Random;
import org.apache.flink.configuration.StateBackendOptions;

/**
 * How the job keeps its state, and how its checkpoints pass what waits before an operator. One may
 * follow another where the job goes on from a savepoint; a checkpoint's state is its backend's own.
 *
 * @param stateBackend hashmap (on the heap) or rocksdb
 * @param unaligned whether barriers overtake at once what waits, or never
 */
record Variant(String stateBackend, boolean unaligned) {
  /** Longer than a checkpoint may take. */
  private static final String NEVER = "1 h";

  static Variant random(Random random) {
    return new Variant(random.nextBoolean() ? "hashmap" : "rocksdb", random.nextBoolean());
  }

  /** Of Flink, for the job manager. */
  Map<String, String> flinkSettings() {
    return Map.of(StateBackendOptions.STATE_BACKEND.key(), stateBackend);
  }

  /** Of the job. */
  Map<String, String> jobSettings() {
    return Map.of(CheckpointSettings.ALIGNED_TIMEOUT.key(), unaligned ? "0 s" : NEVER);
  }

  @Override
  public String toString() {
    return stateBackend + ", " + (unaligned ? "unaligned" : "aligned") + " checkpoints";
  }
}
