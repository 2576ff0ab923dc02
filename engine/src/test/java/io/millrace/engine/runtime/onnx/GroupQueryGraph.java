package io.millrace.engine.runtime.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.millrace.engine.model.ModelConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** A graph of one GroupQueryAttention node: packed q, k, v in, rotary embedding inside. */
final class GroupQueryGraph {
  static final String QKV = "qkv";
  static final String PAST_KEYS = "past_keys";
  static final String PAST_VALUES = "past_values";
  static final String LAST_TOKENS = "last_tokens";
  static final String LONGEST = "longest";
  static final String ATTENDED = "attended";
  static final String KEYS = "keys";
  static final String VALUES = "values";

  private final ModelConfig config;
  private final int positions;

  GroupQueryGraph(ModelConfig config, int positions) {
    this.config = config;
    this.positions = positions;
  }

  byte[] bytes() {
    TensorType real = TensorType.FLOAT;
    TensorType whole = TensorType.INT32;
    Object[] cache = {"batch", config.kvHeads(), "capacity", config.headDim()};
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("attention")
            .addNode(node())
            .addInitializer(rotary("cos", Math::cos))
            .addInitializer(rotary("sin", Math::sin))
            .addInput(value(QKV, real, "batch", "tokens", config.qkvSize()))
            .addInput(value(PAST_KEYS, real, cache))
            .addInput(value(PAST_VALUES, real, cache))
            .addInput(value(LAST_TOKENS, whole, "batch"))
            .addInput(value(LONGEST, whole, 1))
            .addOutput(value(ATTENDED, real, "batch", "tokens", config.heads() * config.headDim()))
            .addOutput(value(KEYS, real, cache))
            .addOutput(value(VALUES, real, cache));
    return ModelProto.newBuilder()
        .setIrVersion(10)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(20))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private NodeProto node() {
    return NodeProto.newBuilder()
        .setDomain("com.microsoft")
        .setOpType("GroupQueryAttention")
        .addAllInput(
            // The empty names are the keys and values, packed behind the queries.
            List.of(QKV, "", "", PAST_KEYS, PAST_VALUES, LAST_TOKENS, LONGEST, "cos", "sin"))
        .addAllOutput(List.of(ATTENDED, KEYS, VALUES))
        .addAttribute(attribute("num_heads", config.heads()))
        .addAttribute(attribute("kv_num_heads", config.kvHeads()))
        .addAttribute(attribute("do_rotary", 1))
        .build();
  }

  private TensorProto rotary(String name, DoubleUnaryOperator function) {
    int half = config.headDim() / 2;
    ByteBuffer table =
        ByteBuffer.allocate(positions * half * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int position = 0; position < positions; position++) {
      for (int i = 0; i < half; i++) {
        double angle = position * Math.pow(config.ropeTheta(), -(double) i / half);
        table.putFloat((float) function.applyAsDouble(angle));
      }
    }
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorType.FLOAT.proto())
        .addDims(positions)
        .addDims(half)
        .setRawData(ByteString.copyFrom(table.flip()))
        .build();
  }

  private static AttributeProto attribute(String name, int value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static ValueInfoProto value(String name, TensorType type, Object... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dim : dims) {
      TensorShapeProto.Dimension.Builder one = shape.addDimBuilder();
      if (dim instanceof Integer size) {
        one.setDimValue(size);
      } else {
        one.setDimParam(dim.toString());
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.proto()).setShape(shape)))
        .build();
  }
}
