package io.millrace.engine.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.onnx.GroupQueryAttention;
import io.millrace.engine.runtime.onnx.OnnxEnvironment;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Our attention gives what ONNX Runtime's gives: the benchmark compares the same work. */
class YardstickTest {
  @Test
  void shouldAgreeOnARaggedDecode() {
    agree(new int[] {3, 16, 47, 200}, 1);
  }

  @Test
  void shouldAgreeOnAPrefillChunk() {
    agree(new int[] {75}, 40);
  }

  private static void agree(int[] past, int tokens) {
    ModelConfig config = AttentionShape.config(1);
    float[][] qkv = AttentionShape.qkv(config, past, tokens);
    int capacity = IntStream.of(past).max().getAsInt() + tokens + 9;
    try (OnnxEnvironment environment = OnnxEnvironment.acquire();
        GroupQueryAttention yardstick =
            new GroupQueryAttention(environment, config, past.length, capacity, 2);
        PagedStep ours = new PagedStep(config, past, tokens, qkv, KvType.FP32, 2)) {
      for (int s = 0; s < past.length; s++) {
        yardstick.step(s, new int[] {0}, past[s], qkv).run(0);
      }
      GroupQueryAttention.Step step = yardstick.step(0, past, tokens, qkv);
      step.run(0);
      float[] expected = step.attended();
      float[] actual = ours.run();
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < actual.length; i++) {
        assertThat(actual[i]).as("element %s", i).isCloseTo(expected[i], within(1e-5f));
      }
    }
  }
}
