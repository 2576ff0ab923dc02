package io.millrace.tools.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run keeps until all documents are summarised: checkpoints and ended documents. It belongs
 * to the same files with the same contents, settings and model; for others it begins afresh.
 */
final class WorkDirectory implements AutoCloseable {
  private static final String IDENTITY = "identity";
  private static final String LOCK = "lock";

  private final Path directory;
  private final FileChannel channel;
  private final boolean resumed;

  private WorkDirectory(Path directory, FileChannel channel, boolean resumed) {
    this.directory = directory;
    this.channel = channel;
    this.resumed = resumed;
  }

  /**
   * @param identity what the work depends on
   * @throws IllegalArgumentException if another run is using it
   */
  static WorkDirectory open(Path directory, String identity) throws IOException {
    Files.createDirectories(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!lock(channel)) {
      channel.close();
      throw new IllegalArgumentException(
          "another run is at work in " + directory + ": wait for it, or choose another --out");
    }
    Path known = directory.resolve(IDENTITY);
    boolean same = Files.exists(known) && Files.readString(known).equals(identity);
    if (!same) {
      clear(directory);
      Files.writeString(known, identity);
    }
    return new WorkDirectory(directory, channel, same);
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Whether a run with the same identity was here before. */
  boolean resumed() {
    return resumed;
  }

  Path checkpoints() {
    return directory.resolve("checkpoints");
  }

  ResultFiles results() {
    return new ResultFiles(directory.resolve("results").toString());
  }

  /** Everything is done: nothing of it is needed again. */
  void delete() throws IOException {
    clear(directory);
    channel.close();
    Files.deleteIfExists(directory.resolve(LOCK));
    Files.deleteIfExists(directory);
  }

  /** Deletes all but the lock. */
  private static void clear(Path directory) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> tree = Files.walk(directory)) {
      deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      if (!path.equals(directory) && !path.equals(directory.resolve(LOCK))) {
        Files.deleteIfExists(path);
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
