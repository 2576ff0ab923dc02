package io.millrace.engine.runtime.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.TensorInfo;

/** Writes the graph of one linear layer, whose weights stay in the prepared model's file. */
final class LinearGraph {
  static final String INPUT = "x";
  static final String OUTPUT = "y";

  private static final int IR_VERSION = 10;
  private static final int OPSET = 20;
  private static final String WEIGHTS = "w";

  private LinearGraph() {}

  /** y = x * w in float. */
  static byte[] fp32(TensorInfo weights) {
    NodeProto product =
        NodeProto.newBuilder()
            .setOpType("MatMul")
            .addInput(INPUT)
            .addInput(WEIGHTS)
            .addOutput(OUTPUT)
            .build();
    return model(GraphProto.newBuilder(), product, weights, TensorType.FLOAT, TensorType.FLOAT);
  }

  /** y = (x - 128) * w in integers, exact. */
  static byte[] int8(TensorInfo weights) {
    // The weights' zero point must be written down: where the processor's mixed-sign product
    // saturates, ONNX Runtime turns the weights into unsigned bytes and corrects this input.
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInitializer(scalar("x_zero", TensorType.UINT8, 128))
            .addInitializer(scalar("w_zero", TensorType.INT8, 0));
    NodeProto product =
        NodeProto.newBuilder()
            .setOpType("MatMulInteger")
            .addInput(INPUT)
            .addInput(WEIGHTS)
            .addInput("x_zero")
            .addInput("w_zero")
            .addOutput(OUTPUT)
            .build();
    return model(graph, product, weights, TensorType.UINT8, TensorType.INT32);
  }

  private static byte[] model(
      GraphProto.Builder graph,
      NodeProto product,
      TensorInfo weights,
      TensorType input,
      TensorType output) {
    graph
        .setName("linear")
        .addInitializer(external(weights))
        .addNode(product)
        .addInput(value(INPUT, input, weights.shape()[0]))
        .addOutput(value(OUTPUT, output, weights.shape()[1]));
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static TensorProto external(TensorInfo info) {
    TensorType type = info.type().equals("int8") ? TensorType.INT8 : TensorType.FLOAT;
    return TensorProto.newBuilder()
        .setName(WEIGHTS)
        .setDataType(type.proto())
        .addDims(info.shape()[0])
        .addDims(info.shape()[1])
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", Manifest.WEIGHTS_FILE))
        .addExternalData(entry("offset", Long.toString(info.offset())))
        .addExternalData(entry("length", Long.toString(info.length())))
        .build();
  }

  private static TensorProto scalar(String name, TensorType type, int value) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type.proto())
        .setRawData(ByteString.copyFrom(new byte[] {(byte) value}))
        .build();
  }

  private static ValueInfoProto value(String name, TensorType type, long columns) {
    TensorShapeProto.Builder shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("rows"))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.proto()).setShape(shape)))
        .build();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
