package io.millrace.tools.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.Message;
import io.millrace.engine.chat.Role;
import io.millrace.engine.chat.TokenTurn;
import io.millrace.job.config.MillraceConfig;
import io.millrace.operators.testing.AutoEngine;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.tools.kafka.RequestWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every turn is answered once, in order and with the right history, through the loss of the engine
 * and through a savepoint that is resumed at another parallelism with state in RocksDB.
 */
@Timeout(300)
class ExactlyOnceITCase {
  private static final int CONVERSATIONS = 12;
  private static final int TURNS = 10;

  /** After so many answers the first engine holds until it crashes, the second until it stops. */
  private static final List<Integer> LIMITS = List.of(30, 40, Integer.MAX_VALUE);

  private static final byte[] MALFORMED = "{\"not\": \"Avro\"}".getBytes(StandardCharsets.UTF_8);

  /** Every engine that the job opened. Tasks of the cluster run in this JVM. */
  private static final List<AutoEngine> ENGINES = new CopyOnWriteArrayList<>();

  @TempDir Path directory;

  private static Engine acquire() throws Exception {
    return SharedEngines.acquire(EngineOptions.defaults("exactly-once"), ExactlyOnceITCase::open);
  }

  private static Engine open(EngineOptions options) {
    AutoEngine engine = new AutoEngine(LIMITS.get(ENGINES.size()));
    ENGINES.add(engine);
    return engine;
  }

  @Test
  void shouldAnswerEveryTurnOnceThroughFailureAndRescaling() throws Exception {
    ENGINES.clear();
    try (JobHarness millrace =
        new JobHarness(directory, ExactlyOnceITCase::acquire, MillraceConfig.defaults())) {
      send(millrace, 0, TURNS / 2);
      JobID first = millrace.submit(2, null);
      until(() -> ENGINES.size() == 1 && ENGINES.get(0).answered() == LIMITS.get(0));
      awaitCheckpoints(millrace, first, 2);

      ENGINES.get(0).crash();
      send(millrace, TURNS / 2, TURNS);
      until(() -> ENGINES.size() == 2 && ENGINES.get(1).answered() == LIMITS.get(1));
      assertThat(millrace.checkpoints(first).getNumberOfRestoredCheckpoints())
          .as("another engine took over without a restart")
          .isZero();
      awaitCheckpoints(millrace, first, 2);

      String savepoint = millrace.stop(first, false);
      assertThat(millrace.read("millrace.completions", Completion.class))
          .as("stopped in the middle of the work")
          .hasSize(LIMITS.get(0) + LIMITS.get(1));

      JobID second = millrace.submit(3, savepoint);
      awaitCheckpoints(millrace, second, 1);
      until(
          () ->
              millrace.read("millrace.completions", Completion.class).size()
                  >= CONVERSATIONS * TURNS);
      millrace.stop(second, true);
      assertThat(millrace.status(second)).isEqualTo(JobStatus.FINISHED);

      checkCompletions(millrace.read("millrace.completions", Completion.class));
      checkChunks(millrace.read("millrace.chunks", CompletionChunk.class));
      checkDeadLetters(millrace.read("millrace.dead-letters", DeadLetter.class));
    }
  }

  private static void send(JobHarness millrace, int from, int to) {
    try (RequestWriter writer = millrace.writer()) {
      for (int turn = from; turn < to; turn++) {
        for (int c = 0; c < CONVERSATIONS; c++) {
          writer.send(request(c, turn));
        }
        writer.send("c0".getBytes(StandardCharsets.UTF_8), MALFORMED);
        writer.send(request(1, turn));
      }
      writer.flush();
    }
  }

  private static ConversationRequest request(int conversation, int turn) {
    return ConversationRequest.newBuilder()
        .setConversationId("c" + conversation)
        .setRequestId("c" + conversation + "/" + turn)
        .setText(text(conversation, turn))
        .setStream(conversation == 0)
        .build();
  }

  private static String text(int conversation, int turn) {
    return conversation + "?" + turn;
  }

  private static void checkCompletions(List<Completion> completions) throws Exception {
    Map<String, List<String>> byConversation = new TreeMap<>();
    for (Completion completion : completions) {
      byConversation
          .computeIfAbsent(completion.getConversationId(), c -> new ArrayList<>())
          .add(completion.getRequestId() + " " + completion.getTurn() + " " + completion.getText());
    }
    Map<String, List<String>> expected = new TreeMap<>();
    for (int c = 0; c < CONVERSATIONS; c++) {
      expected.put("c" + c, expected(c));
    }
    assertThat(byConversation).isEqualTo(expected);
  }

  /** The conversation as one engine answers it that nothing ever happens to. */
  private static List<String> expected(int conversation) throws Exception {
    List<String> lines = new ArrayList<>();
    try (TestEngine engine = new TestEngine()) {
      ChatFormat format = engine.chatFormat();
      List<TokenTurn> history = new ArrayList<>();
      for (int turn = 0; turn < TURNS; turn++) {
        int[] query = format.query(List.of(new Message(Role.USER, text(conversation, turn))));
        int limit = TestEngine.MAX_SEQUENCE / 2;
        int[] prompt = format.prompt(format.system(null), history, query, limit).ids();
        String answer = TestEngine.answerTo(prompt);
        history.add(new TokenTurn(query, engine.tokenizer().encode(answer)));
        lines.add("c" + conversation + "/" + turn + " " + (turn + 1) + " " + answer);
      }
    }
    return lines;
  }

  /** At least once; a chunk that was sent again says the same at the same index. */
  private static void checkChunks(List<CompletionChunk> chunks) throws Exception {
    Map<String, String> texts = new TreeMap<>();
    for (CompletionChunk chunk : chunks) {
      String before = texts.put(chunk.getRequestId() + " " + chunk.getIndex(), chunk.getText());
      assertThat(before).isIn(null, chunk.getText());
    }
    List<String> expected = expected(0);
    for (int turn = 0; turn < TURNS; turn++) {
      String id = "c0/" + turn;
      assertThat(expected.get(turn)).endsWith(texts.get(id + " 0") + texts.get(id + " 1"));
      assertThat(texts).containsEntry(id + " 2", "");
    }
  }

  private static void checkDeadLetters(List<DeadLetter> letters) {
    assertThat(letters).hasSize(TURNS);
    assertThat(letters)
        .allSatisfy(
            letter -> {
              assertThat(letter.getStage()).isEqualTo(DeadLetterStage.DECODE);
              assertThat(letter.getOriginal().array()).isEqualTo(MALFORMED);
              assertThat(letter.getOriginalKey().array()).asString().isEqualTo("c0");
              assertThat(letter.getTopic()).isEqualTo("millrace.requests");
            });
    assertThat(letters).extracting(DeadLetter::getOffset).doesNotHaveDuplicates();
  }

  /** Waits for so many further checkpoints that completed, commits to Kafka included. */
  private static void awaitCheckpoints(JobHarness millrace, JobID job, int more) throws Exception {
    long before = millrace.checkpoints(job).getNumberOfCompletedCheckpoints();
    until(() -> millrace.checkpoints(job).getNumberOfCompletedCheckpoints() >= before + more);
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(50)).until(condition);
  }
}
