package io.millrace.job;

import io.millrace.engine.EngineOptions;
import io.millrace.engine.Engines;
import io.millrace.engine.SharedEngines;
import io.millrace.job.cli.JobOptions;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.MillraceOptions;
import io.millrace.job.kafka.KafkaChecks;
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
    KafkaChecks.check(config);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    JobEnvironment.configure(env, JobEnvironment.settings(config));
    EngineOptions engine = config.engineOptions();
    ConversationTopology.build(env, config, () -> SharedEngines.acquire(engine, Engines::open));
    env.execute(config.get(MillraceOptions.JOB_NAME));
  }
}
