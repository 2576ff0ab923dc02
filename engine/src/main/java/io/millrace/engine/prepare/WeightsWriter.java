package io.millrace.engine.prepare;

import io.millrace.engine.model.Int4Layout;
import io.millrace.engine.model.ModelFormatException;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.model.Storage;
import io.millrace.engine.model.TensorInfo;
import io.millrace.engine.model.Weight;
import io.millrace.engine.prepare.tensors.Int4Quantizer;
import io.millrace.engine.prepare.tensors.Int8Quantizer;
import io.millrace.engine.prepare.tensors.MatrixSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Map;

/**
 * Writes weights.bin stripe by stripe: some rows of a source are read, quantised where the
 * precision asks for it, and written to their places. Memory is bounded by the stripe, not by the
 * tensor.
 */
final class WeightsWriter {

  private static final int STRIPE_ELEMENTS = 1 << 23;
  private static final int MAX_STRIPE_ROWS = 1 << 13;
  private static final int BUFFER_BYTES = 1 << 20;

  /** Keeps a column's elements out of one set of the processor's cache while transposing. */
  private static final int STRIDE_PADDING = 16;

  private final FileChannel channel;
  private final Precision precision;
  private final Map<String, TensorInfo> tensors;
  private final ProgressListener listener;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final long total;
  private float[] stripe = new float[0];
  private byte[] quantised = new byte[0];
  private long done;

  WeightsWriter(
      FileChannel channel,
      Precision precision,
      Map<String, TensorInfo> tensors,
      ProgressListener listener) {
    this.channel = channel;
    this.precision = precision;
    this.tensors = tensors;
    this.listener = listener;
    total = tensors.values().stream().mapToLong(TensorInfo::length).sum();
  }

  void write(Weight weight, MatrixSource source) throws IOException {
    int stride = weight.columns() + STRIDE_PADDING;
    int stripeRows =
        Math.max(1, Math.min(Math.min(weight.rows(), MAX_STRIPE_ROWS), STRIPE_ELEMENTS / stride));
    if (stripe.length < stripeRows * stride) {
      stripe = new float[stripeRows * stride];
    }
    Storage storage = weight.storage(precision);
    for (int first = 0; first < weight.rows(); first += stripeRows) {
      int count = Math.min(stripeRows, weight.rows() - first);
      source.read(first, count, stripe, 0, stride);
      switch (storage) {
        case FLOAT32 -> requireFinite(weight, first, count, stride);
        case INT8 -> writeScales(weight, first, quantise(weight, first, count, stride));
        case INT4 -> writeBlocks(weight, first, count, stride);
      }
      if (storage != Storage.INT4) {
        writeElements(weight, first, count, stride, storage.quantised() ? Byte.BYTES : Float.BYTES);
      }
      listener.progress(weight.name(), done, total);
    }
  }

  private void writeElements(Weight weight, int first, int count, int stride, int elementBytes)
      throws IOException {
    boolean transposed = weight.kind() == Weight.Kind.LINEAR || weight.kind() == Weight.Kind.HEAD;
    if (transposed) {
      writeTransposed(weight, first, count, stride, elementBytes);
    } else {
      writeRows(weight, first, count, stride, elementBytes);
    }
  }

  /** Quantises rows to 4 bits; bytes and scales of neighbouring rows are adjacent. */
  private void writeBlocks(Weight weight, int first, int count, int stride) throws IOException {
    int blocks = Int4Layout.blocks(weight.columns());
    int rowBytes = blocks * Int4Layout.BLOCK / 2;
    float[] scales = new float[blocks];
    long bytesAt = tensors.get(weight.name()).offset() + (long) first * rowBytes;
    ByteBuffer allScales = ByteBuffer.allocate(count * blocks * Float.BYTES);
    allScales.order(ByteOrder.LITTLE_ENDIAN);
    if (quantised.length < rowBytes) {
      quantised = new byte[rowBytes];
    }
    buffer.clear();
    for (int row = 0; row < count; row++) {
      try {
        Int4Quantizer.quantize(stripe, row * stride, weight.columns(), quantised, 0, scales, 0);
      } catch (ArithmeticException e) {
        throw notFinite(weight, first + row);
      }
      if (buffer.remaining() < rowBytes) {
        bytesAt += flush(bytesAt);
        buffer.clear();
      }
      buffer.put(quantised, 0, rowBytes);
      for (float scale : scales) {
        allScales.putFloat(scale);
      }
    }
    flush(bytesAt);
    long scalesAt = tensors.get(weight.scaleName()).offset();
    write(allScales.flip(), scalesAt + (long) first * blocks * Float.BYTES);
  }

  private float[] quantise(Weight weight, int first, int count, int stride) throws IOException {
    if (quantised.length < count * stride) {
      quantised = new byte[stripe.length];
    }
    float[] scales = new float[count];
    for (int row = 0; row < count; row++) {
      try {
        scales[row] =
            Int8Quantizer.quantize(stripe, row * stride, weight.columns(), quantised, row * stride);
      } catch (ArithmeticException e) {
        throw notFinite(weight, first + row);
      }
    }
    return scales;
  }

  private void requireFinite(Weight weight, int first, int count, int stride)
      throws ModelFormatException {
    for (int row = 0; row < count; row++) {
      for (int column = 0; column < weight.columns(); column++) {
        if (!Float.isFinite(stripe[row * stride + column])) {
          throw notFinite(weight, first + row);
        }
      }
    }
  }

  private static ModelFormatException notFinite(Weight weight, int row) {
    return new ModelFormatException(
        "row %d of %s holds an infinite value or NaN: the checkpoint is broken"
            .formatted(row, weight.name()));
  }

  private void writeScales(Weight weight, int first, float[] scales) throws IOException {
    buffer.clear();
    for (float scale : scales) {
      buffer.putFloat(scale);
    }
    flush(tensors.get(weight.scaleName()).offset() + (long) first * Float.BYTES);
  }

  private void writeRows(Weight weight, int first, int count, int stride, int elementBytes)
      throws IOException {
    long position =
        tensors.get(weight.name()).offset() + (long) first * weight.columns() * elementBytes;
    buffer.clear();
    for (int row = 0; row < count; row++) {
      for (int column = 0; column < weight.columns(); column++) {
        if (buffer.remaining() < elementBytes) {
          position += flush(position);
          buffer.clear();
        }
        put(row * stride + column, elementBytes);
      }
    }
    flush(position);
  }

  /** Rows of the stripe become columns first to first + count of the stored tensor. */
  private void writeTransposed(Weight weight, int first, int count, int stride, int elementBytes)
      throws IOException {
    long start = tensors.get(weight.name()).offset();
    long storedRow = (long) weight.rows() * elementBytes;
    // Only where the stripe holds every column are the stored rows adjacent.
    int rowsPerWrite = count == weight.rows() ? BUFFER_BYTES / (count * elementBytes) : 1;
    for (int from = 0; from < weight.columns(); from += rowsPerWrite) {
      int to = Math.min(weight.columns(), from + rowsPerWrite);
      buffer.clear();
      for (int column = from; column < to; column++) {
        for (int row = 0; row < count; row++) {
          put(row * stride + column, elementBytes);
        }
      }
      flush(start + from * storedRow + (long) first * elementBytes);
    }
  }

  private void put(int index, int elementBytes) {
    if (elementBytes == Byte.BYTES) {
      buffer.put(quantised[index]);
    } else {
      buffer.putFloat(stripe[index]);
    }
  }

  private int flush(long position) throws IOException {
    return write(buffer.flip(), position);
  }

  private int write(ByteBuffer from, long position) throws IOException {
    int bytes = from.remaining();
    while (from.hasRemaining()) {
      position += channel.write(from, position);
    }
    done += bytes;
    return bytes;
  }
}
