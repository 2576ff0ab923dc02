package io.millrace.operators;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

/** docs/operations.md explains every metric and no other. */
class ConversationMetricsTest {

  @Test
  void shouldBeExplained() throws Exception {
    Names names = new Names();
    new ConversationMetrics(names, () -> 0, () -> 0);
    String text = Files.readString(Path.of("..", "docs", "operations.md"));
    String section = text.substring(text.indexOf("## Metrics of the conversation operator"));

    Set<String> explained =
        Pattern.compile("(?m)^\\| `(\\w+)` \\| (gauge|counter|histogram) \\|")
            .matcher(section)
            .results()
            .map(row -> row.group(1) + " " + row.group(2))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(explained).isEqualTo(names.registered);
  }

  private static final class Names extends UnregisteredMetricsGroup {
    private final Set<String> registered = new TreeSet<>();

    @Override
    public Counter counter(String name) {
      registered.add(name + " counter");
      return super.counter(name);
    }

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
      registered.add(name + " gauge");
      return gauge;
    }

    @Override
    public <H extends Histogram> H histogram(String name, H histogram) {
      registered.add(name + " histogram");
      return histogram;
    }
  }
}
