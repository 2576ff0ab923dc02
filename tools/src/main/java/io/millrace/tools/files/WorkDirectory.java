package io.millrace.tools.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run keeps until all documents are summarised: checkpoints and ended documents. It belongs
 * to the same files with the same contents, settings and model; for others the run starts from the
 * beginning.
 */
final class WorkDirectory implements AutoCloseable {
  private static final String IDENTITY = "identity";
  private static final String IDENTITY_PART = "identity.part";
  private static final String LOCK = "lock";
  private static final String CHECKPOINTS = "checkpoints";
  private static final String RESULTS = "results";
  private static final String SUMMARIES = "summaries.part";

  /** How an identity begins: so no other program's file does. */
  private static final String MARK = "work of millrace summarize\n";

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
   * @throws IllegalArgumentException if another run is using it, or it is no run's
   */
  static WorkDirectory open(Path directory, String identity) throws IOException {
    refuseForeign(directory);
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
    String whole = MARK + identity;
    boolean same = Files.exists(known) && Files.readString(known).equals(whole);
    if (!same) {
      // Until all is cleared the directory is ours, but of no run that could be resumed.
      identify(directory, MARK);
      clear(directory);
      identify(directory, whole);
    }
    return new WorkDirectory(directory, channel, same);
  }

  /** Nothing is deleted in a directory that no run has made. */
  private static void refuseForeign(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean ours = Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
    if (ours) {
      Path known = directory.resolve(IDENTITY);
      ours =
          Files.isRegularFile(known)
              ? new String(Files.readAllBytes(known), StandardCharsets.ISO_8859_1).startsWith(MARK)
              : holdsOnly(directory, LOCK, IDENTITY_PART);
    }
    if (!ours) {
      throw new IllegalArgumentException(
          directory
              + " is where this run would keep its work, but no run has made it: move it away, or"
              + " choose another --out");
    }
  }

  /** A run may have ended before it could say what it is. */
  private static boolean holdsOnly(Path directory, String... names) throws IOException {
    try (Stream<Path> found = Files.list(directory)) {
      return found.allMatch(path -> List.of(names).contains(path.getFileName().toString()));
    }
  }

  private static void identify(Path directory, String identity) throws IOException {
    Path part = directory.resolve(IDENTITY_PART);
    Files.writeString(part, identity);
    Files.move(
        part,
        directory.resolve(IDENTITY),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
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
    return directory.resolve(CHECKPOINTS);
  }

  ResultFiles results() {
    return new ResultFiles(directory.resolve(RESULTS).toString());
  }

  /** Where the summaries are put together. */
  Path summaries() {
    return directory.resolve(SUMMARIES);
  }

  /** Everything is done: nothing of it is needed again. */
  void delete() throws IOException {
    clear(directory);
    channel.close();
    Files.deleteIfExists(directory.resolve(IDENTITY));
    Files.deleteIfExists(directory.resolve(LOCK));
    if (holdsOnly(directory)) {
      Files.deleteIfExists(directory);
    }
  }

  /** Deletes what a run works with, and nothing else that may be there. */
  private static void clear(Path directory) throws IOException {
    for (String name : List.of(CHECKPOINTS, RESULTS, SUMMARIES)) {
      Path own = directory.resolve(name);
      List<Path> deepestFirst = List.of();
      if (Files.exists(own, LinkOption.NOFOLLOW_LINKS)) {
        try (Stream<Path> tree = Files.walk(own)) {
          deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        }
      }
      for (Path path : deepestFirst) {
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
