package io.millrace.engine.model;

/**
 * One weight of the architecture, whatever the precision.
 *
 * @param name canonical name, as in {@link Manifest}
 * @param rows as checkpoints store it: outputs of a linear layer, ids of the embedding
 * @param columns inputs of a linear layer; 1 for a vector
 */
public record Weight(String name, Kind kind, int rows, int columns) {

  public enum Kind {
    /** A norm or a bias: float32 in every precision. */
    VECTOR,
    /** Gathered by row; quantised per row. */
    EMBEDDING,
    /** Stored transposed, [in, out], or in blocks; quantised per output or per block. */
    LINEAR,
    /** A linear layer in 8 bits even in int4: it decides between close candidates. */
    HEAD
  }

  static Weight vector(String name, int length) {
    return new Weight(name, Kind.VECTOR, length, 1);
  }

  static Weight linear(String name, int outputs, int inputs) {
    return new Weight(name, Kind.LINEAR, outputs, inputs);
  }

  /** How it is stored in a precision. */
  public Storage storage(Precision precision) {
    if (kind == Kind.VECTOR || precision == Precision.FP32) {
      return Storage.FLOAT32;
    }
    return kind == Kind.LINEAR && precision == Precision.INT4 ? Storage.INT4 : Storage.INT8;
  }

  long[] storedShape(Storage storage) {
    if (storage == Storage.INT4) {
      return new long[] {rows, Int4Layout.blocks(columns), Int4Layout.BLOCK / 2};
    }
    return switch (kind) {
      case VECTOR -> new long[] {rows};
      case EMBEDDING -> new long[] {rows, columns};
      case LINEAR, HEAD -> new long[] {columns, rows};
    };
  }

  long[] scaleShape(Storage storage) {
    return storage == Storage.INT4
        ? new long[] {rows, Int4Layout.blocks(columns)}
        : new long[] {rows};
  }

  /** The name with another last part: {@code X.weight} to {@code X.scale}. */
  public String scaleName() {
    return name.substring(0, name.lastIndexOf('.')) + ".scale";
  }
}
