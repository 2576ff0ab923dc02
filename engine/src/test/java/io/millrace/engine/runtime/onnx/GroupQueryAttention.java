package io.millrace.engine.runtime.onnx;

import static org.bytedeco.onnxruntime.global.onnxruntime.OrtArenaAllocator;
import static org.bytedeco.onnxruntime.global.onnxruntime.OrtMemTypeDefault;

import io.millrace.engine.model.ModelConfig;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.onnxruntime.IoBinding;
import org.bytedeco.onnxruntime.MemoryInfo;
import org.bytedeco.onnxruntime.RunOptions;
import org.bytedeco.onnxruntime.Session;
import org.bytedeco.onnxruntime.SessionOptions;
import org.bytedeco.onnxruntime.Value;

/**
 * The yardstick: ONNX Runtime's own attention, whose KV is a [sequence][KV head][position][dim]
 * array per layer that each step extends in place.
 */
public final class GroupQueryAttention implements AutoCloseable {
  private final ModelConfig config;
  private final int capacity;
  private final Deque<Pointer> owned = new ArrayDeque<>();
  private final Session session;
  private final RunOptions runOptions = own(new RunOptions());
  private final MemoryInfo memory = own(MemoryInfo.CreateCpu(OrtArenaAllocator, OrtMemTypeDefault));
  private final FloatPointer[] keys;
  private final FloatPointer[] values;

  /**
   * @param capacity tokens that each sequence has room for
   * @param threads of ONNX Runtime's own
   */
  public GroupQueryAttention(
      OnnxEnvironment environment, ModelConfig config, int sequences, int capacity, int threads) {
    this.config = config;
    this.capacity = capacity;
    byte[] graph = new GroupQueryGraph(config, capacity).bytes();
    try (SessionOptions options = new SessionOptions();
        BytePointer model = new BytePointer(graph)) {
      options.SetIntraOpNumThreads(threads);
      session = own(new Session(environment.env(), model, graph.length, options));
    }
    keys = new FloatPointer[config.layers()];
    values = new FloatPointer[config.layers()];
    for (int layer = 0; layer < config.layers(); layer++) {
      keys[layer] = own(new FloatPointer(sequences * sequenceSize()));
      values[layer] = own(new FloatPointer(sequences * sequenceSize()));
    }
  }

  private long sequenceSize() {
    return (long) config.kvHeads() * capacity * config.headDim();
  }

  private <P extends Pointer> P own(P pointer) {
    owned.push(pointer);
    return pointer;
  }

  /**
   * Prepares a step of neighbouring sequences that add as many tokens each; only a single sequence
   * may add several tokens to a past.
   *
   * @param past tokens of each sequence before the step
   * @param qkv per sequence q, k and v of all its tokens, the past's included
   */
  public Step step(int firstSequence, int[] past, int tokens, float[][] qkv) {
    return new Step(firstSequence, past, tokens, qkv);
  }

  /** Gives all layers the KV of the first. */
  public void copyFirstLayer() {
    for (int layer = 1; layer < keys.length; layer++) {
      Pointer.memcpy(keys[layer], keys[0], keys[0].limit() * Float.BYTES);
      Pointer.memcpy(values[layer], values[0], values[0].limit() * Float.BYTES);
    }
  }

  /** A step with its inputs in place; it can be run again and again. */
  public final class Step {
    private final IoBinding[] layers = new IoBinding[keys.length];
    private final FloatPointer attended;

    private Step(int first, int[] past, int tokens, float[][] qkv) {
      int batch = past.length;
      int attentionWidth = config.heads() * config.headDim();
      int newSize = tokens * config.qkvSize();
      FloatPointer input = own(new FloatPointer((long) batch * newSize));
      int[] last = new int[batch];
      for (int s = 0; s < batch; s++) {
        last[s] = past[s] + tokens - 1;
        input
            .getPointer((long) s * newSize)
            .put(qkv[first + s], past[s] * config.qkvSize(), newSize);
      }
      attended = own(new FloatPointer((long) batch * tokens * attentionWidth));
      IntPointer longest =
          own(new IntPointer(new int[] {Arrays.stream(last).max().getAsInt() + 1}));
      Value qkvValue = floats(input, batch, tokens, config.qkvSize());
      Value attendedValue = floats(attended, batch, tokens, attentionWidth);
      Value lastValue = ints(own(new IntPointer(last)), batch);
      Value longestValue = ints(longest, 1);
      for (int layer = 0; layer < layers.length; layer++) {
        Value layerKeys = cache(keys[layer], first, batch);
        Value layerValues = cache(values[layer], first, batch);
        IoBinding binding = own(new IoBinding(session));
        binding.BindInput(GroupQueryGraph.QKV, qkvValue);
        binding.BindInput(GroupQueryGraph.PAST_KEYS, layerKeys);
        binding.BindInput(GroupQueryGraph.PAST_VALUES, layerValues);
        binding.BindInput(GroupQueryGraph.LAST_TOKENS, lastValue);
        binding.BindInput(GroupQueryGraph.LONGEST, longestValue);
        binding.BindOutput(GroupQueryGraph.ATTENDED, attendedValue);
        binding.BindOutput(GroupQueryGraph.KEYS, layerKeys);
        binding.BindOutput(GroupQueryGraph.VALUES, layerValues);
        layers[layer] = binding;
      }
    }

    public void run(int layer) {
      session.Run(runOptions, layers[layer]);
    }

    /** The last run's attention, [sequence][token][head][dim]. */
    public float[] attended() {
      float[] copy = new float[Math.toIntExact(attended.limit())];
      attended.get(copy);
      return copy;
    }
  }

  private Value cache(FloatPointer all, int first, int batch) {
    FloatPointer from = own(all.getPointer(first * sequenceSize()));
    return floats(from, batch, config.kvHeads(), capacity, config.headDim());
  }

  private Value floats(FloatPointer data, long... shape) {
    return tensor(data, TensorType.FLOAT, shape);
  }

  private Value ints(IntPointer data, long... shape) {
    return tensor(data, TensorType.INT32, shape);
  }

  private Value tensor(Pointer data, TensorType type, long... shape) {
    long bytes = Arrays.stream(shape).reduce(type.bytes(), (a, b) -> a * b);
    return own(
        Value.CreateTensor(
            memory.asOrtMemoryInfo(), data, bytes, shape, shape.length, type.proto()));
  }

  @Override
  public void close() {
    while (!owned.isEmpty()) {
      owned.pop().close();
    }
  }
}
