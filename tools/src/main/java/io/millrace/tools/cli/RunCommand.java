package io.millrace.tools.cli;

import io.millrace.engine.EngineOptions;
import io.millrace.job.JobOptions;
import io.millrace.job.config.JobSettings;
import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.TopicSettings;
import io.millrace.job.kafka.KafkaChecks;
import io.millrace.job.topology.JobEngine;
import io.millrace.job.topology.JobEnvironment;
import io.millrace.job.topology.JobTopology;
import io.millrace.tools.cli.options.MetricsPort;
import io.millrace.tools.cluster.LocalCluster;
import io.millrace.tools.console.WaitingNote;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace run}: the job in this JVM against any Kafka. */
@Command(
    name = "run",
    description =
        "Runs the job in this JVM against any Kafka until Ctrl-C, resuming from its latest"
            + " checkpoint. With source.bounded=true it ends when all requests are answered.")
final class RunCommand implements Callable<Integer> {

  private static final int DEFAULT_SLOTS = 2;

  @Spec private CommandSpec spec;
  @Mixin private JobOptions job;
  @Mixin private MetricsPort metrics;

  @Override
  public Integer call() throws Exception {
    MillraceConfig config = job.config();
    EngineOptions engine = config.engineOptions();
    try (WaitingNote note = WaitingNote.forKafka(spec.commandLine().getErr(), config)) {
      KafkaChecks.check(config);
    }
    // A model that cannot be opened ends the command here, not the job again and again.
    try (AutoCloseable model = JobEngine.acquire(engine)) {
      run(config, engine);
    }
    return 0;
  }

  private void run(MillraceConfig config, EngineOptions engine) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Configuration settings = JobEnvironment.settings(config);
    int parallelism = config.get(JobSettings.PARALLELISM);
    try (LocalCluster cluster =
        LocalCluster.start(parallelism == 0 ? DEFAULT_SLOTS : parallelism, metrics.value())) {
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
      if (parallelism == 0) {
        env.setParallelism(DEFAULT_SLOTS);
      }
      JobTopology.build(env, config, () -> JobEngine.acquire(engine));
      JobID id = cluster.submit(env);
      out.println(
          settings
              .getOptional(StateRecoveryOptions.SAVEPOINT_PATH)
              .map(path -> "Resuming from " + path)
              .orElse("Starting without a checkpoint"));
      out.printf(
          "Answering %s at %s; dashboard %s%n",
          config.get(TopicSettings.REQUESTS),
          config.get(KafkaSettings.BOOTSTRAP_SERVERS),
          cluster.dashboard());
      // Throws what the job failed with, in the end.
      cluster.result(id).get().toJobExecutionResult(getClass().getClassLoader());
      JobEnvironment.ended(config, settings);
      out.println("All requests are answered");
    }
  }
}
