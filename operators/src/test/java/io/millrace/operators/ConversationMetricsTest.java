package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.testing.TestEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

/** docs/operations.md explains every metric with its kind and unit, and no other. */
class ConversationMetricsTest {

  @Test
  void shouldBeExplained() throws Exception {
    Names names = new Names();
    new ConversationMetrics(names, () -> 0, () -> 0);
    EngineMetrics.register(names, TestEngine::new);
    String text = Files.readString(Path.of("..", "docs", "operations.md"));

    Set<String> explained =
        Pattern.compile("(?m)^\\| `([\\w.*]+)` \\| (gauge|counter|histogram) \\| [a-zµ ]+ \\|")
            .matcher(text)
            .results()
            .map(row -> row.group(1) + " " + row.group(2))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(explained).isEqualTo(names.registered);
  }

  private static final class Names extends UnregisteredMetricsGroup {
    private final Set<String> registered;
    private final String prefix;

    Names() {
      this(new TreeSet<>(), "");
    }

    private Names(Set<String> registered, String prefix) {
      this.registered = registered;
      this.prefix = prefix;
    }

    @Override
    public MetricGroup addGroup(String name) {
      return new Names(registered, prefix + name + ".");
    }

    @Override
    public MetricGroup addGroup(String key, String value) {
      return new Names(registered, prefix + key + ".*.");
    }

    @Override
    public Counter counter(String name) {
      registered.add(prefix + name + " counter");
      return super.counter(name);
    }

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
      registered.add(prefix + name + " gauge");
      return gauge;
    }

    @Override
    public <H extends Histogram> H histogram(String name, H histogram) {
      registered.add(prefix + name + " histogram");
      return histogram;
    }
  }
}
