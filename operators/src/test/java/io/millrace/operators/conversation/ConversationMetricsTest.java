package io.millrace.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.serving.EngineMetrics;
import io.millrace.operators.testing.RegisteredMetrics;
import io.millrace.operators.testing.TestEngine;
import org.junit.jupiter.api.Test;

/** docs/metrics.md explains every metric with its kind and unit, and no other. */
class ConversationMetricsTest {
  private final RegisteredMetrics metrics = new RegisteredMetrics();

  @Test
  void shouldBeExplained() throws Exception {
    new ConversationMetrics(metrics, () -> 0, () -> 0, () -> 0L);

    assertThat(RegisteredMetrics.documented("Operator `conversations`")).isEqualTo(metrics.names());
  }

  @Test
  void shouldBeExplainedForTheEngine() throws Exception {
    EngineMetrics.register(metrics, TestEngine::new);

    assertThat(RegisteredMetrics.documented("The engine")).isEqualTo(metrics.names());
  }
}
