package io.millrace.job.topology;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.FinishedOperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.FullyFinishedOperatorState;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.streaming.api.graph.StreamGraphHasherV2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadToTheEndTest {
  private static final OperatorID REQUESTS =
      new OperatorID(StreamGraphHasherV2.generateUserSpecifiedHash("requests"));

  @TempDir Path directory;

  @Test
  void shouldRefuseARunWithoutEndWhereTheSourceHadEnded() throws Exception {
    Configuration flink =
        checkpoint(new FullyFinishedOperatorState("requests", "requests", REQUESTS, 2, 128));
    assertThatThrownBy(() -> ReadToTheEnd.check(flink, "requests", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("source.bounded is false but " + directory.toUri())
        .hasMessageContaining("start once with source.bounded=true");
    assertThatCode(() -> ReadToTheEnd.check(flink, "requests", true)).doesNotThrowAnyException();
    assertThatCode(() -> ReadToTheEnd.check(flink, "documents", false)).doesNotThrowAnyException();
  }

  @Test
  void shouldRefuseARunWithoutEndWhereAPartOfTheSourceHadEnded() throws Exception {
    OperatorState half = new OperatorState("requests", "requests", REQUESTS, 2, 128);
    half.putState(0, FinishedOperatorSubtaskState.INSTANCE);
    half.putState(1, OperatorSubtaskState.builder().build());
    Configuration flink = checkpoint(half);
    assertThatThrownBy(() -> ReadToTheEnd.check(flink, "requests", false))
        .hasMessageContaining("source.bounded is false");
  }

  @Test
  void shouldLetARunGoOnWhereTheSourceHadNot() throws Exception {
    OperatorState running = new OperatorState("requests", "requests", REQUESTS, 1, 128);
    running.putState(0, OperatorSubtaskState.builder().build());
    Configuration flink = checkpoint(running);
    assertThatCode(() -> ReadToTheEnd.check(flink, "requests", false)).doesNotThrowAnyException();
    assertThatCode(() -> ReadToTheEnd.check(new Configuration(), "requests", false))
        .doesNotThrowAnyException();
  }

  private Configuration checkpoint(OperatorState state) throws Exception {
    try (OutputStream out = Files.newOutputStream(directory.resolve("_metadata"))) {
      Checkpoints.storeCheckpointMetadata(
          new CheckpointMetadata(1, List.of(state), List.of()), out);
    }
    return new Configuration()
        .set(StateRecoveryOptions.SAVEPOINT_PATH, directory.toUri().toString());
  }
}
