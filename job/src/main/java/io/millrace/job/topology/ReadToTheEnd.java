package io.millrace.job.topology;

import java.io.DataInputStream;
import java.io.IOException;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.streaming.api.graph.StreamGraphHasherV2;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the checkpoint to resume from for a source that had ended. Flink resumes such a source
 * as ended: it reads nothing more, and a job that is to go on for ever would end without a word.
 */
final class ReadToTheEnd {
  private static final Logger LOG = LoggerFactory.getLogger(ReadToTheEnd.class);

  private ReadToTheEnd() {}

  /**
   * @param uid of the source
   * @throws IllegalArgumentException if the source had ended and is to read for ever now
   */
  static void check(ReadableConfig flink, String uid, boolean bounded) {
    String path = flink.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).orElse(null);
    if (path == null || !ended(path, uid)) {
      return;
    }
    if (!bounded) {
      throw new IllegalArgumentException(
          "source.bounded is false but "
              + path
              + " is of a run with source.bounded=true that had read all "
              + uid
              + " and was ended while it answered them: start once with source.bounded=true, which"
              + " answers the rest and ends, and then without it");
    }
    LOG.warn(
        "{} had read all {} of its run: this run answers the rest of those; what was sent since is"
            + " for the next start",
        path,
        uid);
  }

  private static boolean ended(String path, String uid) {
    OperatorID source = new OperatorID(StreamGraphHasherV2.generateUserSpecifiedHash(uid));
    try {
      for (OperatorState operator : read(path).getOperatorStates()) {
        if (operator.getOperatorID().equals(source)) {
          return operator.isFullyFinished()
              || operator.getStates().stream().anyMatch(OperatorSubtaskState::isFinished);
        }
      }
    } catch (IOException e) {
      // Flink is about to read it too, and says what is wrong with it.
      LOG.warn("Cannot look into the checkpoint {}: {}", path, e.getMessage());
    }
    return false;
  }

  private static CheckpointMetadata read(String path) throws IOException {
    CompletedCheckpointStorageLocation checkpoint =
        AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(path);
    try (DataInputStream in =
        new DataInputStream(checkpoint.getMetadataHandle().openInputStream())) {
      return Checkpoints.loadCheckpointMetadata(in, ReadToTheEnd.class.getClassLoader(), path);
    }
  }
}
