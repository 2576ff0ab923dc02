package io.millrace.tools.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.Engines;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.SinkSettings;
import io.millrace.job.config.SourceSettings;
import io.millrace.job.config.TopicSettings;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.SamplingOptions;
import io.millrace.tools.kafka.RequestWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built-in model loses its task manager in the middle of its answers: what is committed, and
 * every chunk at its index, is what an undisturbed run gives, though tokens are sampled.
 */
@Timeout(300)
class ReplayITCase {
  private static final String MODEL = Path.of("..", "models", "millrace-tiny", "int8").toString();
  private static final int CONVERSATIONS = 6;
  private static final int TURNS = 3;
  private static final int TOKENS = 40;

  /** The first turns are through, the second ones in the middle. */
  private static final int HOLD_AFTER = CONVERSATIONS * TOKENS * 3 / 2;

  private static final List<HoldingEngine> HOLDING = new CopyOnWriteArrayList<>();

  @TempDir Path directory;

  private static Engine acquire() throws Exception {
    return SharedEngines.acquire(EngineOptions.defaults(MODEL), ReplayITCase::open);
  }

  /** The undisturbed run, then the one to disturb. */
  private static Engine open(EngineOptions options) throws Exception {
    HoldingEngine engine =
        new HoldingEngine(
            Engines.open(options), HOLDING.size() == 1 ? HOLD_AFTER : Integer.MAX_VALUE);
    HOLDING.add(engine);
    return engine;
  }

  @Test
  void shouldGiveTheSameBytesAgain() throws Exception {
    HOLDING.clear();
    try (JobHarness millrace =
        new JobHarness(directory, ReplayITCase::acquire, MillraceConfig.defaults())) {
      send(millrace);
      MillraceConfig calm = settings(millrace, "calm");
      JobID undisturbed = millrace.submit(calm, 2, null);
      awaitEnds(millrace, calm);
      millrace.stop(undisturbed, true);

      MillraceConfig disturbed = settings(millrace, "disturbed");
      JobID job = millrace.submit(disturbed, 2, null);
      until(() -> HOLDING.size() == 2 && HOLDING.get(1).holds());
      until(() -> chunks(millrace, disturbed).size() >= HOLD_AFTER);
      until(() -> millrace.checkpoints(job).getNumberOfCompletedCheckpoints() > 1);
      millrace.loseTaskManager();
      HOLDING.get(1).release();
      awaitEnds(millrace, disturbed);
      assertThat(millrace.checkpoints(job).getNumberOfRestoredCheckpoints()).isEqualTo(1);
      millrace.stop(job, true);

      List<Completion> completions = completions(millrace, disturbed);
      assertThat(contents(completions)).isEqualTo(contents(completions(millrace, calm)));
      assertThat(completions).hasSize(CONVERSATIONS * TURNS);
      assertThat(texts(chunks(millrace, disturbed))).isEqualTo(texts(chunks(millrace, calm)));
      assertThat(chunks(millrace, disturbed))
          .as("what was half said was said again")
          .hasSizeGreaterThan(chunks(millrace, calm).size());
    }
  }

  private static MillraceConfig settings(JobHarness millrace, String name) {
    return millrace
        .config
        .with(SourceSettings.GROUP_ID, name)
        .with(SinkSettings.TRANSACTIONAL_ID_PREFIX, name)
        .with(TopicSettings.COMPLETIONS, name + ".completions")
        .with(TopicSettings.CHUNKS, name + ".chunks");
  }

  private static void send(JobHarness millrace) {
    try (RequestWriter writer = millrace.writer()) {
      for (int turn = 0; turn < TURNS; turn++) {
        for (int c = 0; c < CONVERSATIONS; c++) {
          writer.send(
              ConversationRequest.newBuilder()
                  .setConversationId("c" + c)
                  .setRequestId("c" + c + "/" + turn)
                  .setText("What do you know of number " + (7 * c + turn) + "?")
                  .setStream(true)
                  .setSampling(
                      SamplingOptions.newBuilder()
                          .setTemperature(1.1)
                          .setMaxNewTokens(TOKENS)
                          .setIgnoreEos(true)
                          .setLogprobs(true)
                          .setTopLogprobs(2)
                          .build())
                  .build());
        }
      }
      writer.flush();
    }
  }

  private static void awaitEnds(JobHarness millrace, MillraceConfig config) {
    until(
        () ->
            chunks(millrace, config).stream()
                    .filter(CompletionChunk::getLast)
                    .map(CompletionChunk::getRequestId)
                    .distinct()
                    .count()
                == CONVERSATIONS * TURNS);
  }

  private static List<Completion> completions(JobHarness millrace, MillraceConfig config)
      throws Exception {
    return millrace.read(config.get(TopicSettings.COMPLETIONS), Completion.class);
  }

  private static List<CompletionChunk> chunks(JobHarness millrace, MillraceConfig config)
      throws Exception {
    return millrace.read(config.get(TopicSettings.CHUNKS), CompletionChunk.class);
  }

  /** All of the answers but times and cached tokens. */
  private static Map<String, String> contents(List<Completion> completions) {
    Map<String, String> contents = new TreeMap<>();
    for (Completion c : completions) {
      String before =
          contents.put(
              c.getRequestId(),
              c.getTurn() + " " + c.getFinishReason() + " " + c.getText() + c.getLogprobs());
      assertThat(before).as("a second answer to %s", c.getRequestId()).isNull();
    }
    return contents;
  }

  private static Map<String, String> texts(List<CompletionChunk> chunks) {
    Map<String, String> texts = new TreeMap<>();
    for (CompletionChunk chunk : chunks) {
      String said = chunk.getText() + (chunk.getLast() ? " END" : "");
      String before = texts.put(chunk.getRequestId() + " " + chunk.getIndex(), said);
      assertThat(before).as("%s said before", chunk.getRequestId()).isIn(null, said);
    }
    return texts;
  }

  private static void until(java.util.concurrent.Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(100)).until(condition);
  }
}
