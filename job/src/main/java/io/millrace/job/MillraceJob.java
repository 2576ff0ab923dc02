package io.millrace.job;

import io.millrace.engine.EngineOptions;
import io.millrace.job.config.JobSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.kafka.KafkaChecks;
import io.millrace.job.topology.JobEngine;
import io.millrace.job.topology.JobEnvironment;
import io.millrace.job.topology.JobTopology;
import io.millrace.operators.serving.EngineProvider;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine;

/**
 * Entry point on a Flink cluster: {@code flink run millrace-job.jar --config FILE}. Unlike the
 * command line it never ends the JVM, which is Flink's.
 */
public final class MillraceJob {

  private MillraceJob() {}

  public static void main(String[] args) throws Exception {
    JobOptions options = CommandLine.populateCommand(new JobOptions(), args);
    MillraceConfig config = options.config();
    EngineOptions engine = config.engineOptions();
    run(config, () -> JobEngine.acquire(engine));
  }

  /** Runs the job on the cluster whose job manager this JVM is. */
  public static void run(MillraceConfig config, EngineProvider engine) throws Exception {
    KafkaChecks.check(config);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    Configuration settings = JobEnvironment.settings(config);
    JobEnvironment.configure(env, settings);
    JobTopology.build(env, config, engine);
    JobExecutionResult result = env.execute(config.get(JobSettings.NAME));
    // A detached submission does not wait for the end.
    if (result.isJobExecutionResult()) {
      JobEnvironment.ended(config, settings);
    }
  }
}
