package io.millrace.engine.prepare;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.model.TensorInfo;
import io.millrace.engine.model.Weight;
import io.millrace.engine.model.WeightsLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Writes weights.bin as a whole. */
final class WeightsFile {

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
}
