package io.millrace.engine.model;

/** How the elements of a weight are stored. */
public enum Storage {
  FLOAT32("float32"),
  /** Signed bytes with a scale per row. */
  INT8("int8"),
  /** Two to a byte, the earlier in the low half, around 8, with a scale per block of a row. */
  INT4("uint8");

  /** The type in the manifest. */
  final String type;

  Storage(String type) {
    this.type = type;
  }

  public boolean quantised() {
    return this != FLOAT32;
  }

  long bytes(long[] shape) {
    long elements = 1;
    for (long size : shape) {
      elements *= size;
    }
    return this == FLOAT32 ? Float.BYTES * elements : elements;
  }
}
