package io.millrace.engine.runtime.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
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
import io.millrace.engine.model.Int4Layout;
import java.util.stream.LongStream;

/** Writes the graph of one product, whose weights are given to the session beside it. */
final class LinearGraph {
  static final String INPUT = "x";
  static final String OUTPUT = "y";
  static final String WEIGHTS = "w";
  static final String SCALES = "s";

  private static final int IR_VERSION = 10;
  private static final int OPSET = 20;
  private static final String MICROSOFT = "com.microsoft";

  private LinearGraph() {}

  /** y = x * w in float. */
  static byte[] fp32(int inputs, int outputs) {
    NodeProto product =
        NodeProto.newBuilder()
            .setOpType("MatMul")
            .addInput(INPUT)
            .addInput(WEIGHTS)
            .addOutput(OUTPUT)
            .build();
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInitializer(constant(WEIGHTS, TensorType.FLOAT, inputs, outputs));
    return model(graph, product, WeightFormat.FLOAT, inputs, outputs);
  }

  /**
   * y = (x - 128) * (w - zero) in integers.
   *
   * @param weightType INT8 with zero 0, or UINT8 with zero 128
   */
  static byte[] int8(TensorType weightType, int zero, int inputs, int outputs) {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInitializer(constant(WEIGHTS, weightType, inputs, outputs))
            .addInitializer(scalar("x_zero", TensorType.UINT8, 128))
            .addInitializer(scalar("w_zero", weightType, zero));
    NodeProto product =
        NodeProto.newBuilder()
            .setOpType("MatMulInteger")
            .addInput(INPUT)
            .addInput(WEIGHTS)
            .addInput("x_zero")
            .addInput("w_zero")
            .addOutput(OUTPUT)
            .build();
    return model(graph, product, WeightFormat.INT8, inputs, outputs);
  }

  /** y = x * ((w - 8) * s), x rounded to 8 bits by blocks. */
  static byte[] int4(int inputs, int outputs) {
    int blocks = Int4Layout.blocks(inputs);
    NodeProto product =
        NodeProto.newBuilder()
            .setOpType("MatMulNBits")
            .setDomain(MICROSOFT)
            .addInput(INPUT)
            .addInput(WEIGHTS)
            .addInput(SCALES)
            .addOutput(OUTPUT)
            .addAttribute(attribute("K", inputs))
            .addAttribute(attribute("N", outputs))
            .addAttribute(attribute("bits", 4))
            .addAttribute(attribute("block_size", Int4Layout.BLOCK))
            .addAttribute(attribute("accuracy_level", 4))
            .build();
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInitializer(
                constant(WEIGHTS, TensorType.UINT8, outputs, blocks, Int4Layout.BLOCK / 2))
            .addInitializer(constant(SCALES, TensorType.FLOAT, outputs, blocks));
    return model(graph, product, WeightFormat.INT4, inputs, outputs);
  }

  private static AttributeProto attribute(String name, int value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static byte[] model(
      GraphProto.Builder graph, NodeProto product, WeightFormat format, int inputs, int outputs) {
    graph
        .setName("linear")
        .addNode(product)
        .addInput(value(INPUT, format.input(), inputs))
        .addOutput(value(OUTPUT, format.output(), outputs));
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  /** Declares weights; the file named here does not exist, the session gets them in memory. */
  private static TensorProto constant(String name, TensorType type, long... shape) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type.proto())
        .addAllDims(LongStream.of(shape).boxed().toList())
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(
            StringStringEntryProto.newBuilder().setKey("location").setValue("in-memory"))
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
}
