package io.millrace.engine.runtime.onnx;

import static org.bytedeco.onnxruntime.global.onnxruntime.OrtArenaAllocator;
import static org.bytedeco.onnxruntime.global.onnxruntime.OrtMemTypeDefault;

import io.millrace.engine.runtime.RuntimeFailureException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.onnxruntime.MemoryInfo;
import org.bytedeco.onnxruntime.Value;

/**
 * Native memory for rows of activations that sessions read or write in place. It grows to the
 * largest step; the views of its shapes are kept, so that steady work creates none.
 */
public final class NativeRows implements AutoCloseable {
  private static final int[] NO_WIDTHS = {};

  private final TensorType type;
  private final int widest;
  private final MemoryInfo memory = MemoryInfo.CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  private BytePointer pointer;
  private ByteBuffer bytes;
  private FloatBuffer floats;
  private IntBuffer ints;
  private int rows;
  private int capacity;

  /** The widths that have been viewed, and per width the views by number of rows. */
  private int[] widths = NO_WIDTHS;

  private Value[][] views = {};

  /**
   * @param widest columns of the widest view
   */
  public NativeRows(TensorType type, int widest) {
    this.type = type;
    this.widest = widest;
  }

  /** Sets the number of rows; contents are lost when it grows beyond all before. */
  public void resize(int newRows) {
    rows = newRows;
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
              + " engine.max-batch-tokens, or ask for logits of fewer positions",
          null);
    }
    free();
    try {
      pointer = new BytePointer(size);
    } catch (OutOfMemoryError e) {
      throw new RuntimeFailureException(
          "No native memory for a step of " + newRows + " rows: lower engine.max-batch-tokens", e);
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

  public void get(int index, float[] into, int offset, int n) {
    floats.get(index, into, offset, n);
  }

  public void get(int index, int[] into, int offset, int n) {
    ints.get(index, into, offset, n);
  }

  /** Makes a view; afterwards sessions on several threads may use it at the same time. */
  public void prepareView(int columns) {
    view(columns);
  }

  Value view(int columns) {
    int width = 0;
    while (width < widths.length && widths[width] != columns) {
      width++;
    }
    if (width == widths.length) {
      widths = Arrays.copyOf(widths, width + 1);
      widths[width] = columns;
      views = Arrays.copyOf(views, width + 1);
      views[width] = new Value[0];
    }
    if (views[width].length <= rows) {
      views[width] = Arrays.copyOf(views[width], capacity + 1);
    }
    if (views[width][rows] == null) {
      views[width][rows] = createView(columns);
    }
    return views[width][rows];
  }

  private Value createView(int columns) {
    long size = (long) rows * columns * type.bytes();
    try (LongPointer shape = new LongPointer(rows, columns)) {
      return Value.CreateTensor(memory.asOrtMemoryInfo(), pointer, size, shape, 2, type.proto());
    }
  }

  private void free() {
    for (Value[] ofWidth : views) {
      for (Value view : ofWidth) {
        if (view != null) {
          view.close();
        }
      }
    }
    widths = NO_WIDTHS;
    views = new Value[0][];
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
