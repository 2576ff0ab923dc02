package io.millrace.tools.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.Engines;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.prepare.CheckpointConverter;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.SourceSettings;
import io.millrace.job.config.TopicSettings;
import io.millrace.schemas.Completion;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.SamplingOptions;
import io.millrace.tools.kafka.RequestWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The main job with the real engine, on a random checkpoint and on the built-in model. */
@Timeout(300)
class RealModelITCase {
  private static final Path CHECKPOINT =
      Path.of("..", "engine", "src", "test", "resources", "golden", "qwen2");
  private static final Path BUILT_IN = Path.of("..", "models", "millrace-tiny", "int8");
  private static final int BLOCK = 16;
  private static final int CONVERSATIONS = 5;
  private static final int TURNS = 4;

  @TempDir Path directory;

  @Test
  void shouldServeACheckpoint() throws Exception {
    Path model = directory.resolve("model");
    CheckpointConverter.convert(CHECKPOINT, Precision.INT8, model, ProgressListener.NONE);
    computesOnlyWhatIsNewAndTheSameWhenReplayed(model);
  }

  @Test
  void shouldServeTheBuiltInModel() throws Exception {
    computesOnlyWhatIsNewAndTheSameWhenReplayed(BUILT_IN);
  }

  private void computesOnlyWhatIsNewAndTheSameWhenReplayed(Path model) throws Exception {
    EngineOptions options = EngineOptions.defaults(model.toString());
    MillraceConfig config = MillraceConfig.defaults();
    try (JobHarness millrace = new JobHarness(directory, () -> acquire(options), config)) {
      try (RequestWriter writer = millrace.writer()) {
        for (int turn = 1; turn <= TURNS; turn++) {
          for (int c = 0; c < CONVERSATIONS; c++) {
            writer.send(request(c, turn));
          }
        }
        writer.flush();
      }

      List<Completion> first = run(millrace, millrace.config, 2);
      assertTurnsReuseTheTurnsBefore(first);

      MillraceConfig again =
          millrace
              .config
              .with(SourceSettings.GROUP_ID, "again")
              .with(TopicSettings.COMPLETIONS, "again");
      assertThat(texts(run(millrace, again, 1)))
          .as("the same bytes again, from an empty cache and in other batches")
          .isEqualTo(texts(first));
    }
  }

  /** The full blocks of the prompt before are in the cache: they are not computed again. */
  private static void assertTurnsReuseTheTurnsBefore(List<Completion> completions) {
    Map<String, Integer> before = new HashMap<>();
    for (Completion completion : completions) {
      int prompt = completion.getUsage().getPromptTokens();
      Integer last = before.put(completion.getConversationId(), prompt);
      if (last != null) {
        assertThat(completion.getUsage().getCachedTokens())
            .as("%s with %d tokens after %d", completion.getRequestId(), prompt, last)
            .isPositive()
            .isGreaterThanOrEqualTo(last / BLOCK * BLOCK)
            .isLessThan(prompt);
      }
    }
    assertThat(before).hasSize(CONVERSATIONS);
  }

  private static Engine acquire(EngineOptions options) throws Exception {
    return SharedEngines.acquire(options, Engines::open);
  }

  /** Answers all requests; returns what was committed. */
  private static List<Completion> run(JobHarness millrace, MillraceConfig config, int parallelism)
      throws Exception {
    String topic = config.get(TopicSettings.COMPLETIONS);
    JobID job = millrace.submit(config, parallelism, null);
    await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> millrace.read(topic, Completion.class).size() >= CONVERSATIONS * TURNS);
    millrace.stop(job, true);
    return millrace.read(topic, Completion.class);
  }

  private static ConversationRequest request(int conversation, int turn) {
    return ConversationRequest.newBuilder()
        .setConversationId("c" + conversation)
        .setRequestId("c" + conversation + "/" + turn)
        .setText("turn " + turn)
        .setSampling(SamplingOptions.newBuilder().setTemperature(0.9).setMaxNewTokens(12).build())
        .build();
  }

  private static Map<String, String> texts(List<Completion> completions) {
    Map<String, String> texts = new HashMap<>();
    for (Completion completion : completions) {
      String before =
          texts.put(completion.getRequestId(), completion.getTurn() + " " + completion.getText());
      assertThat(before).as("a second answer to %s", completion.getRequestId()).isNull();
    }
    return texts;
  }
}
