package io.millrace.engine.model;

/**
 * One weight of the architecture, whatever the precision.
 *
 * @param name canonical name, as in {@link Manifest}
 * @param rows as checkpoints store it: outputs of a linear layer, ids of the embedding
 * @param columns inputs of a linear layer; 1 for a vector
 */
record Weight(String name, Kind kind, int rows, int columns) {

  enum Kind {
    /** A norm or a bias: float32 in every precision. */
    VECTOR,
    /** Gathered by row; quantised per row. */
    EMBEDDING,
    /** Stored transposed, [in, out]; quantised per output. */
    LINEAR
  }

  static Weight vector(String name, int length) {
    return new Weight(name, Kind.VECTOR, length, 1);
  }

  static Weight linear(String name, int outputs, int inputs) {
    return new Weight(name, Kind.LINEAR, outputs, inputs);
  }

  long[] storedShape() {
    return switch (kind) {
      case VECTOR -> new long[] {rows};
      case EMBEDDING -> new long[] {rows, columns};
      case LINEAR -> new long[] {columns, rows};
    };
  }

  /** The name with another last part: {@code X.weight} to {@code X.scale}. */
  String scaleName() {
    return name.substring(0, name.lastIndexOf('.')) + ".scale";
  }
}
