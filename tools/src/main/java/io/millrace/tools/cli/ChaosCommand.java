package io.millrace.tools.cli;

import io.millrace.job.Settings;
import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.EngineSettings;
import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceHome;
import io.millrace.job.config.TopicSettings;
import io.millrace.tools.chaos.Chaos;
import io.millrace.tools.chaos.ChaosReport;
import io.millrace.tools.process.ChildJvm;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace chaos}: proof under random faults. */
@Command(
    name = "chaos",
    description = {
      "Kills and restarts brokers, job managers, task managers and engines at random, rescales and"
          + " adds partitions, while conversations are answered; then compares all answers with"
          + " those of the model alone.",
      "Prints one line of JSON; exit code 1 unless duplicates, losses, orderViolations and"
          + " contentMismatches are all 0."
    })
final class ChaosCommand implements Callable<Integer> {

  /** What every run has, so that faults are soon noticed and survived. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          CheckpointSettings.INTERVAL.key(),
          "1 s",
          CheckpointSettings.ALIGNED_TIMEOUT.key(),
          "500 ms",
          EngineSettings.KV_CACHE_SIZE.key(),
          "64 mb",
          EngineSettings.THREADS.key(),
          "1",
          TopicSettings.PARTITIONS.key(),
          "4",
          // Producers and the source notice added partitions after these times.
          KafkaSettings.PROPERTIES.key() + ".metadata.max.age.ms",
          "5000",
          KafkaSettings.PROPERTIES.key() + ".partition.discovery.interval.ms",
          "2000");

  @Spec private CommandSpec spec;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "How long faults go on, longer if there were fewer than two a minute;"
              + " ${DEFAULT-VALUE} is the default.")
  private double minutes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Chooses requests and faults; ${DEFAULT-VALUE} is the default.")
  private long seed;

  @Option(
      names = "--json",
      description = "Nothing but the verdict on standard output: progress goes to standard error.")
  private boolean json;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "A new directory for logs and data that stays; otherwise nothing is left.")
  private Path keep;

  @Mixin private Settings settings;

  @Override
  public Integer call() throws Exception {
    if (!(minutes > 0)) {
      throw new ParameterException(
          spec.commandLine(), "--minutes is " + minutes + ": give more than 0");
    }
    Map<String, String> chosen = new LinkedHashMap<>(DEFAULTS);
    chosen.putAll(settings.values());
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter progress = json ? spec.commandLine().getErr() : out;
    Path directory = keep == null ? Files.createTempDirectory("millrace-chaos") : keep;
    Files.createDirectories(directory);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(directory), "chaos-clean-up"));
    Path conf = MillraceHome.resolve(Path.of("conf"));
    ChaosReport report =
        new Chaos(directory.toAbsolutePath(), conf, chosen, minutes, seed, progress).run();
    out.println(report.json());
    out.flush();
    return report.isClean() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /** At the end of this JVM, whatever ends it: Ctrl-C closes nothing by itself. */
  private void cleanUp(Path directory) {
    ChildJvm.killAll();
    if (keep == null) {
      FileUtils.deleteDirectoryQuietly(directory.toFile());
    }
  }
}
