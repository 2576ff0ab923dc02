package io.millrace.tools.bench;

import io.millrace.engine.runtime.probe.MachineProbe;
import java.util.ArrayList;
import java.util.List;

/** A benchmark's result as text: aligned columns for the console, or tables in Markdown. */
public final class BenchTable {
  private static final List<String> PREFILL =
      List.of(
          "prompts",
          "context",
          "tokens/s",
          "spread",
          "step ms",
          "linear",
          "attention",
          "sampling",
          "scheduling",
          "other",
          "bound ms",
          "reached");
  private static final List<String> DECODE =
      List.of(
          "sequences",
          "context",
          "tokens/s",
          "spread",
          "step ms",
          "linear",
          "attention",
          "sampling",
          "scheduling",
          "other",
          "bound ms",
          "reached",
          "peak MB",
          "of weights + KV");

  private BenchTable() {}

  public static String of(BenchResult result, boolean markdown) {
    StringBuilder text = new StringBuilder();
    text.append(machine(result)).append('\n');
    text.append("Prefill, chunks of %d tokens:%n%n".formatted(result.plan().batchTokens()));
    List<List<String>> prefill = new ArrayList<>(List.of(PREFILL));
    result.prefill().forEach(m -> prefill.add(speed(m)));
    append(text, prefill, markdown);
    text.append("%nDecode, %d new tokens each:%n%n".formatted(result.plan().newTokens()));
    List<List<String>> decode = new ArrayList<>(List.of(DECODE));
    result.decode().forEach(d -> decode.add(row(d)));
    append(text, decode, markdown);
    result.leftOut().forEach(why -> text.append("\nLeft out: ").append(why).append('\n'));
    return text.toString();
  }

  private static String machine(BenchResult result) {
    MachineProbe m = result.machine();
    return """
        Machine: %s, %d threads on %d cores, %s; reads %.1f GB/s, 8-bit products %.0f GOP/s, float %.0f GFLOP/s
        Model: %s, %s, weights of %d MB; medians of %d runs after a warm-up
        """
        .formatted(
            result.cpu().name(),
            m.threads(),
            result.cpu().cores(),
            String.join(" ", result.cpu().vectors()),
            m.readBytesPerSecond() / 1e9,
            m.int8OpsPerSecond() / 1e9,
            m.fp32OpsPerSecond() / 1e9,
            result.model().name(),
            result.model().precision(),
            result.weightsBytes() / 1_000_000,
            result.plan().runs());
  }

  private static List<String> row(BenchResult.Decode decode) {
    List<String> row = new ArrayList<>(speed(decode.speed()));
    row.add(Long.toString(decode.memory().peak() / 1_000_000));
    row.add("%.2f".formatted(decode.memory().ratio()));
    return row;
  }

  private static List<String> speed(Measurement m) {
    RunResult median = m.runs().median();
    Split split = median.split();
    return List.of(
        Integer.toString(m.sequences()),
        Integer.toString(m.context()),
        number(median.tokensPerSecond()),
        number(m.runs().slowest()) + "-" + number(m.runs().fastest()),
        number(split.totalMs()),
        number(split.linearMs()),
        number(split.attentionMs()),
        number(split.samplingMs()),
        number(split.schedulingMs()),
        number(split.otherMs()),
        number(m.bound().totalMs()),
        "%.0f %%".formatted(100 * m.reached()));
  }

  /** Three digits, so that a thousandth of a millisecond and a second both fit a column. */
  static String number(double value) {
    return value >= 100 ? "%.0f".formatted(value) : "%.3g".formatted(Math.max(value, 0.001));
  }

  private static void append(StringBuilder text, List<List<String>> rows, boolean markdown) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      for (int i = 0; i < columns; i++) {
        String cell = " ".repeat(widths[i] - rows.get(r).get(i).length()) + rows.get(r).get(i);
        text.append(markdown ? "| " + cell + " " : cell + "  ");
      }
      text.append(markdown ? "|\n" : "\n");
      if (markdown && r == 0) {
        text.append("| ---: ".repeat(columns)).append("|\n");
      }
    }
  }
}
