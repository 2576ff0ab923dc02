package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.model.TensorInfo;
import io.millrace.engine.runtime.onnx.LinearSession;
import io.millrace.engine.runtime.onnx.LinearWeights;
import io.millrace.engine.runtime.onnx.OnnxEnvironment;
import io.millrace.engine.runtime.onnx.WeightFormat;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** Opens the parts of a linear layer, each with its own columns of the stored weights. */
final class ColumnParts {
  private static final int STRIPE_BYTES = 1 << 20;

  /** Parts are multiples of it, as the products' kernels work on so many columns at once. */
  private static final int COLUMNS = 16;

  /** Below this the work of a part is less than starting it costs. */
  private static final int MIN_COLUMNS = 128;

  /** A part is one buffer, which cannot exceed 2 GiB. */
  private static final long MAX_BYTES = 1 << 30;

  private ColumnParts() {}

  /**
   * @param name of the linear layer
   * @param wanted number of parts; narrow layers get fewer, huge ones more
   */
  static LinearSession[] open(
      OnnxEnvironment environment, PreparedModel model, String name, int inputs, int wanted)
      throws IOException {
    TensorInfo info = tensor(model, name + ".weight");
    WeightFormat format =
        switch (info.type()) {
          case "int8" -> WeightFormat.INT8;
          case "uint8" -> WeightFormat.INT4;
          default -> WeightFormat.FLOAT;
        };
    int outputs = Math.toIntExact(info.shape()[format == WeightFormat.INT4 ? 0 : 1]);
    int[] starts = starts(outputs, info.length(), wanted);
    LinearWeights[] weights = new LinearWeights[starts.length - 1];
    LinearSession[] sessions = new LinearSession[weights.length];
    try {
      for (int i = 0; i < weights.length; i++) {
        weights[i] = new LinearWeights(format, inputs, starts[i + 1] - starts[i]);
      }
      read(model, name, info, weights);
      for (int i = 0; i < weights.length; i++) {
        LinearWeights given = weights[i];
        weights[i] = null;
        sessions[i] = new LinearSession(environment, name, given);
      }
      return sessions;
    } catch (IOException | RuntimeException | Error e) {
      for (int i = 0; i < weights.length; i++) {
        if (weights[i] != null) {
          weights[i].close();
        }
        if (sessions[i] != null) {
          sessions[i].close();
        }
      }
      throw e;
    }
  }

  private static TensorInfo tensor(PreparedModel model, String name) {
    return model.manifest().tensors().get(name);
  }

  /** The first column of each part, and the end. */
  static int[] starts(int columns, long bytes, int wanted) {
    int least = Math.toIntExact((bytes + MAX_BYTES - 1) / MAX_BYTES);
    int parts = Math.max(least, Math.min(wanted, Math.max(1, columns / MIN_COLUMNS)));
    int[] starts = new int[parts + 1];
    for (int i = 1; i < parts; i++) {
      starts[i] = (int) ((long) columns * i / parts) / COLUMNS * COLUMNS;
    }
    starts[parts] = columns;
    return starts;
  }

  private static void read(
      PreparedModel model, String name, TensorInfo info, LinearWeights[] weights)
      throws IOException {
    try (FileChannel file = FileChannel.open(model.weightsFile(), StandardOpenOption.READ)) {
      if (weights[0].format() == WeightFormat.INT4) {
        long scales = tensor(model, name + ".scale").offset();
        long bytes = info.offset();
        for (LinearWeights part : weights) {
          bytes += readFully(file, part.buffer(), bytes);
          scales += readFully(file, part.scales(), scales);
        }
      } else {
        deal(file, info, weights);
      }
    }
  }

  /** Reads stored rows [in, out] in stripes and deals them out to the parts' columns. */
  private static void deal(FileChannel file, TensorInfo info, LinearWeights[] weights)
      throws IOException {
    ByteBuffer[] into = new ByteBuffer[weights.length];
    int[] partRow = new int[weights.length];
    for (int i = 0; i < weights.length; i++) {
      into[i] = weights[i].buffer();
      partRow[i] = into[i].capacity() / weights[i].inputs();
    }
    int row = Math.toIntExact(info.length() / info.shape()[0]);
    // On the heap: a direct one would stay until the next garbage collection, one for each matrix.
    ByteBuffer stripe = ByteBuffer.allocate(Math.max(row, STRIPE_BYTES / row * row));
    long end = info.offset() + info.length();
    for (long position = info.offset(); position < end; position += stripe.limit()) {
      stripe.clear().limit((int) Math.min(stripe.capacity(), end - position));
      readFully(file, stripe, position);
      for (int from = 0; from < stripe.limit(); ) {
        for (int i = 0; i < into.length; i++) {
          into[i].put(into[i].position(), stripe, from, partRow[i]);
          into[i].position(into[i].position() + partRow[i]);
          from += partRow[i];
        }
      }
    }
  }

  private static int readFully(FileChannel file, ByteBuffer into, long position)
      throws IOException {
    int bytes = into.remaining();
    while (into.hasRemaining()) {
      int read = file.read(into, position);
      if (read < 0) {
        throw new EOFException("it ends before its tensors do: was it changed?");
      }
      position += read;
    }
    return bytes;
  }
}
