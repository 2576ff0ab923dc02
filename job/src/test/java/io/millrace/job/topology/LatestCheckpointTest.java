package io.millrace.job.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatestCheckpointTest {

  @TempDir Path directory;

  private void checkpoint(String job, int number, long time) throws Exception {
    completed(directory.resolve(job).resolve("chk-" + number), time);
  }

  private static void completed(Path checkpoint, long time) throws Exception {
    Path metadata = Files.createDirectories(checkpoint).resolve("_metadata");
    Files.createFile(metadata);
    Files.setLastModifiedTime(metadata, FileTime.fromMillis(time));
  }

  @Test
  void shouldFindNothingInAnEmptyOrMissingDirectory() throws Exception {
    assertThat(LatestCheckpoint.find(directory.toUri().toString())).isEmpty();
    assertThat(LatestCheckpoint.find(directory.resolve("none").toUri().toString())).isEmpty();
  }

  @Test
  void shouldTakeTheLatestOfAllRuns() throws Exception {
    checkpoint("first-run", 9, 1_000_000);
    checkpoint("second-run", 1, 2_000_000);
    checkpoint("second-run", 2, 3_000_000);
    assertThat(LatestCheckpoint.find(directory.toUri().toString()))
        .hasValueSatisfying(found -> assertThat(found).endsWith("second-run/chk-2"));
  }

  @Test
  void shouldLeaveOutWhatWasNotCompleted() throws Exception {
    checkpoint("run", 1, 1_000_000);
    Files.createDirectories(directory.resolve("run").resolve("chk-2"));
    Files.createDirectories(directory.resolve("run").resolve("shared"));
    assertThat(LatestCheckpoint.find(directory.toUri().toString()))
        .hasValueSatisfying(found -> assertThat(found).endsWith("run/chk-1"));
  }

  @Test
  void shouldTakeASavepointThatIsNewerThanEveryCheckpoint() throws Exception {
    checkpoint("run", 1, 1_000_000);
    Path savepoints = directory.resolve("savepoints");
    completed(savepoints.resolve("savepoint-run-1"), 500_000);
    completed(savepoints.resolve("savepoint-run-2"), 2_000_000);
    String root = directory.toUri().toString();
    assertThat(LatestCheckpoint.find(root))
        .hasValueSatisfying(found -> assertThat(found).endsWith("savepoints/savepoint-run-2"));

    checkpoint("next-run", 2, 3_000_000);
    assertThat(LatestCheckpoint.find(root))
        .hasValueSatisfying(found -> assertThat(found).endsWith("next-run/chk-2"));
  }
}
