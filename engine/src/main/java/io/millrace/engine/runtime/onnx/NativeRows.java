package io.millrace.engine.runtime.onnx;

import static org.bytedeco.onnxruntime.global.onnxruntime.OrtArenaAllocator;
import static org.bytedeco.onnxruntime.global.onnxruntime.OrtMemTypeDefault;

import io.millrace.engine.runtime.RuntimeFailureException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.onnxruntime.MemoryInfo;
import org.bytedeco.onnxruntime.Value;

/**
 * Native memory for rows of activations that sessions read or write in place. It grows to the
 * largest step and is viewed in the shapes of the current one.
 */
public final class NativeRows implements AutoCloseable {
  private final TensorType type;
  private final int widest;
  private final MemoryInfo memory = MemoryInfo.CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  private final Map<Integer, Value> views = new HashMap<>();
  private BytePointer pointer;
  private ByteBuffer bytes;
  private FloatBuffer floats;
  private IntBuffer ints;
  private int rows;
  private int capacity;

  /**
   * @param widest columns of the widest view
   */
  public NativeRows(TensorType type, int widest) {
    this.type = type;
    this.widest = widest;
  }

  /** Sets the number of rows; contents are lost when it grows beyond all before. */
  public void resize(int newRows) {
    if (newRows != rows) {
      closeViews();
      rows = newRows;
    }
    if (newRows > capacity) {
      grow(newRows);
    }
  }

  private void grow(int newRows) {
    long size = (long) newRows * widest * type.bytes();
    if (size > Integer.MAX_VALUE) {
      throw new RuntimeFailureException(
          "A step of "
              + newRows
              + " rows of "
              + widest
              + " columns is above 2 GiB: lower"
              + " maxBatchTokens, or ask for logits of fewer positions",
          null);
    }
    free();
    try {
      pointer = new BytePointer(size);
    } catch (OutOfMemoryError e) {
      throw new RuntimeFailureException(
          "No native memory for a step of " + newRows + " rows: lower maxBatchTokens", e);
    }
    bytes = pointer.asByteBuffer().order(ByteOrder.nativeOrder());
    floats = bytes.asFloatBuffer();
    ints = bytes.asIntBuffer();
    capacity = newRows;
  }

  public int rows() {
    return rows;
  }

  public void put(int index, byte[] from, int n) {
    bytes.put(index, from, 0, n);
  }

  public void put(int index, float[] from, int offset, int n) {
    floats.put(index, from, offset, n);
  }

  public void get(int index, float[] into, int n) {
    floats.get(index, into, 0, n);
  }

  public void get(int index, int[] into, int n) {
    ints.get(index, into, 0, n);
  }

  Value view(int columns) {
    return views.computeIfAbsent(columns, this::createView);
  }

  private Value createView(int columns) {
    long size = (long) rows * columns * type.bytes();
    try (LongPointer shape = new LongPointer(rows, columns)) {
      return Value.CreateTensor(memory.asOrtMemoryInfo(), pointer, size, shape, 2, type.proto());
    }
  }

  private void closeViews() {
    views.values().forEach(Value::close);
    views.clear();
  }

  private void free() {
    closeViews();
    if (pointer != null) {
      pointer.close();
      pointer = null;
      capacity = 0;
    }
  }

  @Override
  public void close() {
    free();
    memory.close();
  }
}
