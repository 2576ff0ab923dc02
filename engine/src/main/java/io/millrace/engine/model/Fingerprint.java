package io.millrace.engine.model;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What tells a prepared model from every other: a hash over all that its answers depend on. */
public final class Fingerprint {
  private static final int BUFFER_BYTES = 1 << 20;

  private Fingerprint() {}

  /** Lower-case hex SHA-256 over architecture, precision and the file's bytes. */
  public static String of(
      Path file, ModelConfig config, Precision precision, ProgressListener listener)
      throws IOException {
    MessageDigest digest = sha256();
    String head = JsonMapper.builder().build().writeValueAsString(config) + "\n" + precision + "\n";
    digest.update(head.getBytes(StandardCharsets.UTF_8));
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      while (channel.read(buffer.clear()) >= 0) {
        digest.update(buffer.flip());
        listener.progress("fingerprint", channel.position(), size);
      }
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
}
