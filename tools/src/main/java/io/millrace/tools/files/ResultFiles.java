package io.millrace.tools.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The ended documents of a run, a file of one line each. A file is there whole or not at all, and
 * whoever writes it again writes the same.
 */
record ResultFiles(String directory) implements Serializable {
  private static final int HASH_BYTES = 16;

  void create() throws IOException {
    Files.createDirectories(Path.of(directory));
  }

  void write(String documentId, String line) throws IOException {
    Path file = file(documentId);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(part, line);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  boolean has(String documentId) {
    return Files.exists(file(documentId));
  }

  String read(String documentId) throws IOException {
    return Files.readString(file(documentId));
  }

  private Path file(String documentId) {
    return Path.of(directory, hash(documentId) + ".json");
  }

  static String hash(String text) {
    return HexFormat.of()
        .formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)), 0, HASH_BYTES);
  }

  /** The hash of a file's contents, which may be larger than what will be read of it. */
  static String hash(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
