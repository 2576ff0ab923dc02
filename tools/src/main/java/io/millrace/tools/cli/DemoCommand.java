package io.millrace.tools.cli;

import io.millrace.engine.EngineOptions;
import io.millrace.job.Settings;
import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.EngineSettings;
import io.millrace.job.config.JobSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.MillraceHome;
import io.millrace.job.config.SamplingSettings;
import io.millrace.job.config.TopicSettings;
import io.millrace.job.topology.JobEngine;
import io.millrace.tools.cli.options.MetricsPort;
import io.millrace.tools.demo.Demo;
import io.millrace.tools.demo.DemoOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace demo}: the whole way in one JVM. */
@Command(
    name = "demo",
    description =
        "Starts Kafka, Flink with its dashboard and the model in this JVM, sends them the example"
            + " conversations and shows the answers.")
final class DemoCommand implements Callable<Integer> {

  /** Answers soon visible, always the same, and small enough for a laptop. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          CheckpointSettings.INTERVAL.key(), "1 s",
          SamplingSettings.TEMPERATURE.key(), "0",
          SamplingSettings.MAX_NEW_TOKENS.key(), "256",
          TopicSettings.PARTITIONS.key(), "4",
          JobSettings.PARALLELISM.key(), "2");

  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Duration SHORT_LIMIT = Duration.ofMinutes(3);

  @Spec private CommandSpec spec;

  @Option(names = "--short", description = "Only a few conversations: about half a minute.")
  private boolean brief;

  @Option(names = "--keep", description = "Stay up after the last answer, until Ctrl-C.")
  private boolean keep;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A prepared model; the built-in one is the default.")
  private Path model;

  @Option(
      names = "--examples",
      paramLabel = "DIR",
      description = "Conversations to send, *.jsonl; examples/ is the default.")
  private Path examples = Path.of("examples");

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description = "Give up when answers are missing after so many seconds.")
  private Long seconds;

  @Mixin private Settings settings;
  @Mixin private MetricsPort metrics;

  @Override
  public Integer call() throws Exception {
    Map<String, String> chosen = new LinkedHashMap<>(DEFAULTS);
    if (model != null) {
      chosen.put(EngineSettings.MODEL_DIRECTORY.key(), model.toString());
    }
    chosen.putAll(settings.values());
    MillraceConfig config = MillraceConfig.of(chosen);
    EngineOptions engine = config.engineOptions();
    Duration limit = seconds != null ? Duration.ofSeconds(seconds) : brief ? SHORT_LIMIT : LIMIT;
    new Demo(
            new DemoOptions(MillraceHome.resolve(examples), brief, keep, limit, metrics.value()),
            config,
            () -> JobEngine.acquire(engine),
            spec.commandLine().getOut(),
            System.console() != null,
            Ansi.AUTO.enabled())
        .run();
    return 0;
  }
}
