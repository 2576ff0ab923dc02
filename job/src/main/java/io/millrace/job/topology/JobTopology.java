package io.millrace.job.topology;

import io.millrace.job.config.DocumentSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.operators.serving.EngineProvider;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The whole job: conversations, and beside them documents where the settings ask for these. */
public final class JobTopology {

  private JobTopology() {}

  /**
   * Adds the job to an environment that {@link JobEnvironment} has configured.
   *
   * @param engine opens the engine in the tasks' JVM; all operators there share it
   * @throws IllegalArgumentException if the checkpoint to resume from does not fit the settings
   */
  public static void build(
      StreamExecutionEnvironment env, MillraceConfig config, EngineProvider engine) {
    ConversationTopology.build(env, config, engine);
    if (config.get(DocumentSettings.ENABLED)) {
      DocumentTopology.build(env, config, engine);
    }
  }
}
