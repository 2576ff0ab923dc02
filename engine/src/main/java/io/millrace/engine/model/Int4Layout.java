package io.millrace.engine.model;

/** How the rows of an int4 weight are cut into blocks that share a scale. */
public final class Int4Layout {

  /** Values of one block; two of them make a byte. */
  public static final int BLOCK = 32;

  private Int4Layout() {}

  /** Blocks of a row of so many values; values missing in the last one count as zeros. */
  public static int blocks(int values) {
    return (values + BLOCK - 1) / BLOCK;
  }
}
