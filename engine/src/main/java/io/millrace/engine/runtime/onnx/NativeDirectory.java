package io.millrace.engine.runtime.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A directory of this user alone, in which files of the class path lie under the SHA-256 of all of
 * them. What has a name there never changes: it is unpacked beside, renamed when it is whole, and
 * looked at before it is used.
 */
final class NativeDirectory {
  /** Where to unpack, before all other places. */
  static final String PROPERTY = "millrace.native-directory";

  static final String ENVIRONMENT = "MILLRACE_NATIVE_DIRECTORY";

  /** What to do where a place does not serve. */
  static final String REMEDY =
      "set -D"
          + PROPERTY
          + " or "
          + ENVIRONMENT
          + " to a directory that this user may write to and run files of";

  private static final String UNPACKING = ".unpacking-";
  private static final String DAMAGED = ".damaged-";
  private static final long LOCK_POLL_MILLIS = 20;

  private final Path home;

  /**
   * @param home is made, for this user alone, where it is missing
   */
  NativeDirectory(Path home) {
    this.home = home.toAbsolutePath();
  }

  /**
   * The directory with these files, under the last parts of their names.
   *
   * @throws IOException if there is no place for them; the message names the places and the setting
   */
  static Path unpack(List<URL> files) throws IOException {
    List<Path> homes = homes(System.getProperties(), System.getenv());
    List<String> failures = new ArrayList<>();
    for (Path home : homes) {
      try {
        return new NativeDirectory(home).get(files);
      } catch (IOException e) {
        failures.add(e.toString());
      }
    }
    throw new IOException(
        "they cannot be unpacked: " + String.join("; ", failures) + ": " + REMEDY);
  }

  /** Files that no other class loader of this process has; gone when it ends. */
  static Path unpackForThisProcess(List<URL> files) throws IOException {
    Path directory = Files.createTempDirectory("millrace-native");
    directory.toFile().deleteOnExit();
    for (URL file : files) {
      Path copy = directory.resolve(name(file));
      copy.toFile().deleteOnExit();
      copy(file, copy);
    }
    return directory;
  }

  /** One that was set is the only one. */
  static List<Path> homes(Map<?, ?> properties, Map<String, String> environment) {
    Object own = properties.get(PROPERTY);
    own = own == null ? environment.get(ENVIRONMENT) : own;
    if (own != null) {
      return List.of(Path.of(own.toString(), "millrace-native"));
    }
    String cache = environment.get("XDG_CACHE_HOME");
    Path caches =
        cache == null || cache.isEmpty()
            ? Path.of(properties.get("user.home").toString(), ".cache")
            : Path.of(cache);
    String user = properties.get("user.name").toString().replaceAll("[^A-Za-z0-9_.-]", "_");
    return List.of(
        caches.resolve("millrace").resolve("native"),
        Path.of(properties.get("java.io.tmpdir").toString(), "millrace-native-" + user));
  }

  Path get(List<URL> files) throws IOException {
    makeHome();
    List<String> names = files.stream().map(NativeDirectory::name).toList();
    String checksum = checksum(names, name -> files.get(names.indexOf(name)).openStream());
    Path directory = home.resolve(checksum);
    if (isWhole(directory, names)) {
      return directory;
    }
    // Whoever holds the lock is the only one that makes, moves or deletes anything here.
    try (FileChannel channel =
            FileChannel.open(
                home.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(channel)) {
      deleteLeftOver();
      if (!isWhole(directory, names)) {
        replace(directory, files);
      }
    }
    if (!isWhole(directory, names)) {
      throw new IOException(directory + " does not keep what is written there");
    }
    return directory;
  }

  private void replace(Path directory, List<URL> files) throws IOException {
    Path beside = Files.createTempDirectory(home, UNPACKING);
    for (URL file : files) {
      copy(file, beside.resolve(name(file)));
    }
    if (Files.exists(directory)) {
      Path damaged = Files.createTempDirectory(home, DAMAGED);
      Files.move(directory, damaged, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(beside, directory, StandardCopyOption.ATOMIC_MOVE);
    deleteLeftOver();
  }

  private void makeHome() throws IOException {
    var alone = PosixFilePermissions.fromString("rwx------");
    if (!Files.isDirectory(home)) {
      Files.createDirectories(home.getParent());
      // Another process may make it at the same time.
      Files.createDirectories(home, PosixFilePermissions.asFileAttribute(alone));
    }
    Path probe = Files.createTempFile(home, ".owner-", null);
    boolean isOurs = Files.getOwner(probe).equals(Files.getOwner(home));
    Files.deleteIfExists(probe);
    if (!isOurs) {
      throw new IOException(home + " belongs to another user");
    }
    Files.setPosixFilePermissions(home, alone);
  }

  private static FileLock lock(FileChannel channel) throws IOException {
    while (true) {
      try {
        return channel.lock();
      } catch (OverlappingFileLockException e) {
        // Another class loader of this process has it.
        try {
          Thread.sleep(LOCK_POLL_MILLIS);
        } catch (InterruptedException interrupt) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while another thread unpacked", interrupt);
        }
      }
    }
  }

  /** What processes that were killed have left. */
  private void deleteLeftOver() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(home, ".{unpacking,damaged}-*")) {
      for (Path entry : entries) {
        try (Stream<Path> files = Files.walk(entry)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  private static boolean isWhole(Path directory, List<String> names) {
    try {
      String found = checksum(names, name -> Files.newInputStream(directory.resolve(name)));
      return found.equals(directory.getFileName().toString());
    } catch (IOException e) {
      return false;
    }
  }

  /** Opens a file by its name. */
  private interface Opener {
    InputStream open(String name) throws IOException;
  }

  private static String checksum(List<String> names, Opener opener) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    for (String name : names) {
      MessageDigest one = sha256();
      try (InputStream in = opener.open(name)) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          one.update(buffer, 0, read);
        }
      }
      digest.update(one.digest());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static void copy(URL from, Path to) throws IOException {
    try (InputStream in = from.openStream()) {
      Files.copy(in, to);
    }
  }

  private static String name(URL file) {
    return file.getPath().substring(file.getPath().lastIndexOf('/') + 1);
  }
}
