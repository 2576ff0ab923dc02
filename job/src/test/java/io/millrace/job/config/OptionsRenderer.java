package io.millrace.job.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.util.TimeUtils;

/** Writes {@link AllSettings} as conf/millrace.yaml and as the table of docs/settings.md. */
final class OptionsRenderer {

  private static final int WIDTH = 100;
  private static final String HEADER =
      "# Settings of a Millrace job, each with its default. Written from the classes of"
          + "\n# io.millrace.job.config: to change a default, change it there and run OptionsTest with"
          + "\n# -Dmillrace.update=true.\n";

  private OptionsRenderer() {}

  static String yaml(List<ConfigOption<?>> options) {
    StringBuilder out = new StringBuilder(HEADER);
    String section = "";
    for (ConfigOption<?> option : options) {
      String key = option.key();
      int dot = key.indexOf('.');
      if (!key.substring(0, dot).equals(section)) {
        section = key.substring(0, dot);
        out.append('\n').append(section).append(":\n");
      }
      for (String line : wrap(description(option), WIDTH - 4)) {
        out.append("  # ").append(line).append('\n');
      }
      out.append("  ")
          .append(key.substring(dot + 1))
          .append(": ")
          .append(value(option))
          .append('\n');
    }
    return out.toString();
  }

  static String table(List<ConfigOption<?>> options) {
    StringBuilder out =
        new StringBuilder("| setting | default | what it does |\n| --- | --- | --- |\n");
    for (ConfigOption<?> option : options) {
      out.append("| `").append(option.key()).append("` | `").append(value(option)).append("` | ");
      out.append(description(option).replace("|", "\\|")).append(" |\n");
    }
    return out.toString();
  }

  static String value(ConfigOption<?> option) {
    Object value = option.defaultValue();
    if (value instanceof Duration duration) {
      return TimeUtils.formatWithHighestUnit(duration);
    }
    if (value instanceof Map<?, ?> map && map.isEmpty()) {
      return "{}";
    }
    return value instanceof String text ? scalar(text) : value.toString();
  }

  /** Texts that YAML would read as something else are quoted, as in JSON. */
  private static String scalar(String text) {
    return text.isEmpty() || text.contains("\n") || text.contains("{")
        ? '"' + text.replace("\n", "\\n") + '"'
        : text;
  }

  private static String description(ConfigOption<?> option) {
    return new HtmlFormatter().format(option.description());
  }

  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (line.length() + word.length() + 1 > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
