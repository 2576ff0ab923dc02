package io.millrace.engine.runtime.onnx;

/** How the weights of a linear layer are stored, and with it which product multiplies them. */
public enum WeightFormat {
  /** Floats [in, out], multiplied with floats. */
  FLOAT(TensorType.FLOAT, TensorType.FLOAT),
  /** Signed bytes [in, out], multiplied with unsigned bytes around 128, exact. */
  INT8(TensorType.UINT8, TensorType.INT32);

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

  /** Bytes of the weights of one input and one output. */
  int bytes() {
    return this == INT8 ? Byte.BYTES : Float.BYTES;
  }
}
