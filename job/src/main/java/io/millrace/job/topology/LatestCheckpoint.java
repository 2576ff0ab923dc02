package io.millrace.job.topology;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * Finds the checkpoint or savepoint to resume from where no other service remembers it, in the
 * layout DIRECTORY/JOB/chk-N/_metadata and DIRECTORY/ANY/savepoint-ID/_metadata.
 */
final class LatestCheckpoint {

  private static final List<String> PREFIXES = List.of("chk-", "savepoint-");
  private static final String METADATA = "_metadata";

  /** Whatever is not newer than this file was left behind by a run that answered all of it. */
  private static final String SUPERSEDED = "superseded";

  private LatestCheckpoint() {}

  /** The most recently completed one of any run that used this directory. */
  static Optional<String> find(String directory) throws IOException {
    Path root = new Path(directory);
    FileSystem files = root.getFileSystem();
    Path superseded = new Path(root, SUPERSEDED);
    Path latest = null;
    long latestTime =
        files.exists(superseded)
            ? files.getFileStatus(superseded).getModificationTime()
            : Long.MIN_VALUE;
    for (FileStatus job : list(files, root)) {
      for (FileStatus checkpoint : job.isDir() ? list(files, job.getPath()) : new FileStatus[0]) {
        Path metadata = new Path(checkpoint.getPath(), METADATA);
        // Written last: a checkpoint without it was never completed.
        if (isOne(checkpoint) && files.exists(metadata)) {
          long time = files.getFileStatus(metadata).getModificationTime();
          if (time > latestTime) {
            latest = checkpoint.getPath();
            latestTime = time;
          }
        }
      }
    }
    return Optional.ofNullable(latest).map(Path::toString);
  }

  /** Has no run resume any more from what is in the directory now. */
  static void supersede(String directory) throws IOException {
    Path root = new Path(directory);
    root.getFileSystem().create(new Path(root, SUPERSEDED), FileSystem.WriteMode.OVERWRITE).close();
  }

  private static boolean isOne(FileStatus file) {
    return PREFIXES.stream().anyMatch(file.getPath().getName()::startsWith);
  }

  private static FileStatus[] list(FileSystem files, Path directory) throws IOException {
    try {
      FileStatus[] found = files.exists(directory) ? files.listStatus(directory) : null;
      return found == null ? new FileStatus[0] : found;
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }
}
