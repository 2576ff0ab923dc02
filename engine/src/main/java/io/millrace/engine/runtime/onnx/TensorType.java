package io.millrace.engine.runtime.onnx;

/** Element types, with their numbers in ONNX (the same in protos and in ONNX Runtime). */
public enum TensorType {
  FLOAT(1, 4),
  UINT8(2, 1),
  INT8(3, 1),
  INT32(6, 4);

  private final int proto;
  private final int bytes;

  TensorType(int proto, int bytes) {
    this.proto = proto;
    this.bytes = bytes;
  }

  int proto() {
    return proto;
  }

  int bytes() {
    return bytes;
  }
}
