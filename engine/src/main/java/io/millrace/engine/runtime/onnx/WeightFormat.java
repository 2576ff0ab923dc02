package io.millrace.engine.runtime.onnx;

/** How the weights of a linear layer are stored, and with it which product multiplies them. */
public enum WeightFormat {
  /** Floats [in, out], multiplied with floats. */
  FLOAT(TensorType.FLOAT, TensorType.FLOAT),
  /** Signed bytes [in, out], multiplied with unsigned bytes around 128, exact. */
  INT8(TensorType.UINT8, TensorType.INT32),
  /**
   * Half bytes [out, block, 16] and float scales [out, block], multiplied with floats, which the
   * product rounds to 8 bits by blocks.
   */
  INT4(TensorType.FLOAT, TensorType.FLOAT);

  private final TensorType input;
  private final TensorType output;

  WeightFormat(TensorType input, TensorType output) {
    this.input = input;
    this.output = output;
  }

  /** Type of the activations that go in. */
  public TensorType input() {
    return input;
  }

  /** Type of the products that come out. */
  public TensorType output() {
    return output;
  }

  /**
   * The fewest rows to multiply. In INT4 one row alone has a kernel that rounds differently, so it
   * is multiplied twice: a row's result must not depend on its neighbours.
   */
  public int minRows() {
    return this == INT4 ? 2 : 1;
  }
}
