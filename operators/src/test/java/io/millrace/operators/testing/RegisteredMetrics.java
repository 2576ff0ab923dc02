package io.millrace.operators.testing;

import java.io.IOException;
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

/** A metric group that keeps names and kinds, to compare them with what is documented. */
public final class RegisteredMetrics extends UnregisteredMetricsGroup {
  private static final Path DOCS = Path.of("..", "docs", "metrics.md");

  private final Set<String> registered;
  private final String prefix;

  public RegisteredMetrics() {
    this(new TreeSet<>(), "");
  }

  private RegisteredMetrics(Set<String> registered, String prefix) {
    this.registered = registered;
    this.prefix = prefix;
  }

  /** Name and kind of each; a {@code *} for the values of a group. */
  public Set<String> names() {
    return registered;
  }

  /** Name and kind of each metric with a unit in this section of docs/metrics.md. */
  public static Set<String> documented(String heading) throws IOException {
    String text = Files.readString(DOCS);
    int start = text.indexOf("### " + heading + "\n");
    if (start < 0) {
      throw new AssertionError(DOCS + " has no section " + heading);
    }
    int end = text.indexOf("\n#", start + 1);
    return Pattern.compile("(?m)^\\| `([\\w.*]+)` \\| (gauge|counter|histogram) \\| [a-zµ ]+ \\|")
        .matcher(text.substring(start, end < 0 ? text.length() : end))
        .results()
        .map(row -> row.group(1) + " " + row.group(2))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public MetricGroup addGroup(String name) {
    return new RegisteredMetrics(registered, prefix + name + ".");
  }

  @Override
  public MetricGroup addGroup(String key, String value) {
    return new RegisteredMetrics(registered, prefix + key + ".*.");
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
