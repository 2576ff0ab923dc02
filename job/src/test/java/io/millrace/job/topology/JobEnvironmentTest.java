package io.millrace.job.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.SourceSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobEnvironmentTest {

  @TempDir Path directory;

  @Test
  void shouldNotGoOnFromACheckpointBeforeABoundedRunThatEnded() throws Exception {
    MillraceConfig bounded = config(true);
    completed("first/chk-1", 1_000_000);
    Configuration settings = JobEnvironment.settings(bounded);
    assertThat(resumed(settings)).hasValueSatisfying(path -> assertThat(path).endsWith("chk-1"));

    JobEnvironment.ended(bounded, settings);
    assertThat(resumed(JobEnvironment.settings(bounded))).isEmpty();
    assertThat(resumed(JobEnvironment.settings(config(false)))).isEmpty();

    completed("next/chk-1", System.currentTimeMillis() + 60_000);
    assertThat(resumed(JobEnvironment.settings(config(false)))).isPresent();
  }

  @Test
  void shouldGoOnFromTheSavepointThatABoundedRunWasStoppedWith() throws Exception {
    MillraceConfig bounded = config(true);
    completed("first/chk-1", 1_000_000);
    Configuration settings = JobEnvironment.settings(bounded);
    completed("savepoints/savepoint-1", 2_000_000);
    JobEnvironment.ended(bounded, settings);
    assertThat(resumed(JobEnvironment.settings(config(false))))
        .hasValueSatisfying(path -> assertThat(path).endsWith("savepoint-1"));
  }

  private MillraceConfig config(boolean bounded) {
    return MillraceConfig.defaults()
        .with(CheckpointSettings.DIRECTORY, directory.toString())
        .with(SourceSettings.BOUNDED, bounded);
  }

  private static Optional<String> resumed(Configuration settings) {
    return settings.getOptional(StateRecoveryOptions.SAVEPOINT_PATH);
  }

  private void completed(String checkpoint, long time) throws Exception {
    Path metadata = Files.createDirectories(directory.resolve(checkpoint)).resolve("_metadata");
    Files.createFile(metadata);
    Files.setLastModifiedTime(metadata, FileTime.fromMillis(time));
  }
}
