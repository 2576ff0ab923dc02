package io.millrace.operators.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.testing.RegisteredMetrics;
import org.junit.jupiter.api.Test;

class DocumentMetricsTest {

  @Test
  void shouldBeExplained() throws Exception {
    RegisteredMetrics metrics = new RegisteredMetrics();
    new DocumentMetrics(metrics, () -> 0, () -> 0L, () -> 0);

    assertThat(RegisteredMetrics.documented("Operator `documents`")).isEqualTo(metrics.names());
  }
}
