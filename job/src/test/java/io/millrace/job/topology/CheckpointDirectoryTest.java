package io.millrace.job.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.MillraceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointDirectoryTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"plain", "report[1]", "100%", "a|b", "a b", "a%20b", "a#b?c", "a:b", "会"})
  void shouldKeepCheckpointsInADirectoryOfAnyName(String name) throws IOException {
    Path checkpoints = directory.resolve(name);
    Path latest = Files.createDirectories(checkpoints.resolve("job").resolve("chk-1"));
    Files.createFile(latest.resolve("_metadata"));

    Configuration settings = settings(checkpoints.toString());

    assertThat(path(settings.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY)))
        .isEqualTo(checkpoints.toString());
    assertThat(path(settings.get(StateRecoveryOptions.SAVEPOINT_PATH)))
        .isEqualTo(latest.toString());
  }

  @Test
  void shouldLeaveAUriAsItIs() throws IOException {
    String uri = "file:" + directory + "/x";
    assertThat(settings(uri).get(CheckpointingOptions.CHECKPOINTS_DIRECTORY)).isEqualTo(uri);
  }

  /** Where Flink looks. */
  private static String path(String text) {
    return new org.apache.flink.core.fs.Path(text).getPath();
  }

  private static Configuration settings(String directory) throws IOException {
    return JobEnvironment.settings(
        MillraceConfig.defaults().with(CheckpointSettings.DIRECTORY, directory));
  }
}
