package io.millrace.engine.prepare;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.TensorInfo;
import io.millrace.engine.model.Weight;
import io.millrace.engine.model.WeightsLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Writes weights.bin as a whole and computes the fingerprint of a model. */
public final class WeightsFile {

  private static final int HASH_BUFFER_BYTES = 1 << 20;

  private WeightsFile() {}

  /** Writes every weight to its place and the file to disk. */
  static void write(
      Path file,
      ModelConfig config,
      Precision precision,
      WeightSource source,
      ProgressListener listener)
      throws IOException {
    Map<String, TensorInfo> tensors = WeightsLayout.tensors(config, precision);
    long length = WeightsLayout.fileLength(tensors);
    long free = file.toAbsolutePath().getParent().toFile().getUsableSpace();
    if (free < length) {
      throw new IOException(
          "the model needs %d bytes and %s has %d left: free some, or choose another --out"
              .formatted(length, file.toAbsolutePath().getParent(), free));
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      // The last byte of the padding gives the file its aligned length.
      channel.write(ByteBuffer.allocate(1), length - 1);
      WeightsWriter writer = new WeightsWriter(channel, precision, tensors, listener);
      for (Weight weight : WeightsLayout.weights(config)) {
        writer.write(weight, source.matrix(weight));
      }
      channel.force(true);
    }
  }

  /** Lower-case hex SHA-256 over architecture, precision and the file's bytes. */
  public static String fingerprint(
      Path file, ModelConfig config, Precision precision, ProgressListener listener)
      throws IOException {
    MessageDigest digest = sha256();
    String head = JsonMapper.builder().build().writeValueAsString(config) + "\n" + precision + "\n";
    digest.update(head.getBytes(StandardCharsets.UTF_8));
    ByteBuffer buffer = ByteBuffer.allocate(HASH_BUFFER_BYTES);
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
