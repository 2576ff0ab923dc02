package io.millrace.tools.cli.bench;

import io.millrace.engine.Engine;
import io.millrace.tools.bench.soak.Growth;
import io.millrace.tools.bench.soak.Soak;
import io.millrace.tools.bench.soak.SoakChart;
import io.millrace.tools.bench.soak.SoakSample;
import io.millrace.tools.cli.options.EngineArguments;
import io.millrace.tools.console.ProgressLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace bench soak}: whether memory grows over many turns. */
@Command(
    name = "soak",
    description = {
      "Answers many turns of conversations that come and go, some of them cancelled, and samples memory.",
      "Ends with 1 if resident memory or the heap grew over the second half, or KV blocks are left in use."
    })
final class BenchSoakCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private EngineArguments engineArguments;

  @Option(
      names = "--turns",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Turns to answer (default: ${DEFAULT-VALUE}).")
  private long turns;

  @Option(
      names = "--conversations",
      paramLabel = "N",
      defaultValue = "32",
      description = "Conversations open at one time (default: ${DEFAULT-VALUE}).")
  private int conversations;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the prompts (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--tolerance",
      paramLabel = "SHARE",
      defaultValue = "0.02",
      description =
          "Growth over the second half that still counts as none (default: ${DEFAULT-VALUE}).")
  private double tolerance;

  @Option(names = "--csv", paramLabel = "FILE", description = "Write the samples there.")
  private Path csv;

  @Option(names = "--svg", paramLabel = "FILE", description = "Draw memory over the turns there.")
  private Path svg;

  @Override
  public Integer call() throws Exception {
    if (turns < 1 || conversations < 1) {
      throw new IllegalArgumentException(
          "--turns is %d and --conversations is %d: both must be 1 or more"
              .formatted(turns, conversations));
    }
    PrintWriter out = spec.commandLine().getOut();
    try (Engine engine = engineArguments.open();
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr())) {
      List<SoakSample> samples =
          Soak.run(
              engine,
              turns,
              conversations,
              seed,
              sample -> progress.show(line(sample), sample.turns(), turns));
      write(samples);
      return verdict(out, samples);
    }
  }

  private int verdict(PrintWriter out, List<SoakSample> samples) {
    double resident = Growth.of(samples, SoakSample::residentBytes);
    double heap = Growth.of(samples, SoakSample::heapBytes);
    SoakSample last = samples.get(samples.size() - 1);
    boolean good = resident <= tolerance && heap <= tolerance && last.usedBlocks() == 0;
    out.println(line(last));
    out.printf(
        Locale.ROOT,
        "growth over the second half: resident %+.2f %%, heap %+.2f %%; KV blocks in use: %d: %s%n",
        100 * resident,
        100 * heap,
        last.usedBlocks(),
        good ? "nothing grows" : "it grows");
    out.flush();
    return good ? 0 : 1;
  }

  private static String line(SoakSample sample) {
    return String.format(
        Locale.ROOT,
        "%d turns in %.0f s: %d MB resident, %d MB of heap",
        sample.turns(),
        sample.seconds(),
        sample.residentBytes() / 1_000_000,
        sample.heapBytes() / 1_000_000);
  }

  private void write(List<SoakSample> samples) throws IOException {
    if (csv != null) {
      StringBuilder lines =
          new StringBuilder("turns,seconds,resident_bytes,heap_bytes,kv_blocks\n");
      for (SoakSample s : samples) {
        lines.append(
            String.format(
                Locale.ROOT,
                "%d,%.3f,%d,%d,%d%n",
                s.turns(),
                s.seconds(),
                s.residentBytes(),
                s.heapBytes(),
                s.usedBlocks()));
      }
      Files.writeString(csv, lines);
    }
    if (svg != null) {
      Files.writeString(svg, SoakChart.of(samples));
    }
  }
}
