package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Reads the tensors that Java itself works with: norms, biases, scales, the embedding. */
final class WeightsFile implements AutoCloseable {
  private static final long MAPPING = 1L << 30;

  private final Path directory;
  private final Manifest manifest;
  private final FileChannel channel;

  WeightsFile(Path directory, Manifest manifest) throws IOException {
    this.directory = directory;
    this.manifest = manifest;
    this.channel =
        FileChannel.open(directory.resolve(Manifest.WEIGHTS_FILE), StandardOpenOption.READ);
  }

  /** Where a tensor lies, checked against the shape that the architecture demands. */
  TensorInfo info(String name, long... shape) {
    TensorInfo info = manifest.tensors().get(name);
    if (info == null) {
      throw new IllegalArgumentException(directory + "/" + Manifest.FILE + " lacks tensor " + name);
    }
    if (!Arrays.equals(info.shape(), shape)) {
      throw new IllegalArgumentException(
          directory
              + "/"
              + Manifest.FILE
              + ": tensor "
              + name
              + " has shape "
              + Arrays.toString(info.shape())
              + ", but config demands "
              + Arrays.toString(shape));
    }
    return info;
  }

  /** Copies a vector of floats. */
  float[] floats(String name, int length) throws IOException {
    TensorInfo info = info(name, length);
    float[] values = new float[length];
    map(info.offset(), info.length()).asFloatBuffer().get(values);
    return values;
  }

  /** Maps a matrix of any size; one row lies in one mapping. */
  ByteBuffer[] rows(TensorInfo info) throws IOException {
    long rowBytes = info.length() / info.shape()[0];
    long chunk = rowsPerMapping(info) * rowBytes;
    ByteBuffer[] mappings = new ByteBuffer[(int) ((info.length() + chunk - 1) / chunk)];
    for (int i = 0; i < mappings.length; i++) {
      long from = i * chunk;
      mappings[i] = map(info.offset() + from, Math.min(chunk, info.length() - from));
    }
    return mappings;
  }

  static int rowsPerMapping(TensorInfo info) {
    return (int) Math.min(info.shape()[0], MAPPING / (info.length() / info.shape()[0]));
  }

  private ByteBuffer map(long offset, long length) throws IOException {
    return channel.map(MapMode.READ_ONLY, offset, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
