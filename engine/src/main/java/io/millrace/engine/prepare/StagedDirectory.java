package io.millrace.engine.prepare;

import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.ModelFormatException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A directory that is written beside its target and takes the target's name in one step, so that a
 * killed build never leaves half a model there. What killed builds left behind is removed by the
 * next one: the lock of a living build cannot be taken.
 */
final class StagedDirectory implements AutoCloseable {

  private static final String LOCK_FILE = "building.lock";

  private final Path target;
  private final boolean force;
  private final Path staging;
  private final FileChannel lock;
  private boolean published;

  private StagedDirectory(Path target, boolean force, Path staging, FileChannel lock) {
    this.target = target;
    this.force = force;
    this.staging = staging;
    this.lock = lock;
  }

  /**
   * @param force whether a prepared model at the target is replaced
   */
  static StagedDirectory create(Path wanted, boolean force) throws IOException {
    Path target = wanted.toAbsolutePath().normalize();
    if (target.getParent() == null) {
      throw new ModelFormatException(wanted + " cannot be replaced: choose another --out");
    }
    checkTarget(target, force);
    Files.createDirectories(target.getParent());
    removeAbandoned(target);
    Path staging = hiddenSibling(target, "building");
    Files.createDirectory(staging);
    FileChannel lock =
        FileChannel.open(
            staging.resolve(LOCK_FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lock.lock();
    return new StagedDirectory(target, force, staging, lock);
  }

  Path path() {
    return staging;
  }

  /** Gives the directory its target's name. */
  void publish() throws IOException {
    checkTarget(target, force);
    lock.close();
    Files.delete(staging.resolve(LOCK_FILE));
    Path old = hiddenSibling(target, "old");
    boolean replace = Files.exists(target);
    if (replace) {
      move(target, old);
    }
    move(staging, target);
    published = true;
    if (replace) {
      deleteRecursively(old);
    }
  }

  private static void checkTarget(Path target, boolean force) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new ModelFormatException(target + " is a file: choose another --out");
    }
    boolean empty;
    try (Stream<Path> entries = Files.list(target)) {
      empty = entries.findAny().isEmpty();
    }
    if (!empty && !Files.exists(target.resolve(Manifest.FILE))) {
      throw new ModelFormatException(
          target + " is not empty and no prepared model: choose another --out");
    }
    if (!empty && !force) {
      throw new ModelFormatException(
          target + " already holds a model: choose another --out, or replace it with --force");
    }
  }

  private static Path hiddenSibling(Path target, String purpose) {
    return target.resolveSibling(prefix(target, purpose) + UUID.randomUUID());
  }

  private static String prefix(Path target, String purpose) {
    return "." + target.getFileName() + "." + purpose + "-";
  }

  private static void removeAbandoned(Path target) throws IOException {
    String prefix = prefix(target, "building");
    try (DirectoryStream<Path> siblings =
        Files.newDirectoryStream(
            target.getParent(), p -> p.getFileName().toString().startsWith(prefix))) {
      for (Path sibling : siblings) {
        if (isAbandoned(sibling)) {
          deleteRecursively(sibling);
        }
      }
    }
  }

  private static boolean isAbandoned(Path sibling) throws IOException {
    Path file = sibling.resolve(LOCK_FILE);
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock taken = channel.tryLock()) {
      return taken != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to);
    }
  }

  private static void deleteRecursively(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(directory)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }

  /** Removes what was not published. */
  @Override
  public void close() throws IOException {
    lock.close();
    if (!published && Files.exists(staging)) {
      deleteRecursively(staging);
    }
  }
}
