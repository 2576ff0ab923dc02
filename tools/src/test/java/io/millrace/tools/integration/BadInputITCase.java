package io.millrace.tools.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.Engines;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.SamplingSettings;
import io.millrace.job.config.SourceSettings;
import io.millrace.job.config.TopicSettings;
import io.millrace.schemas.Completion;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.FinishReason;
import io.millrace.schemas.wire.SchemaResolver;
import io.millrace.schemas.wire.WireDecoder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.MemorySize;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a record holds, it ends as a clear dead letter or completion, and those before and after
 * it, in its partition and its conversation, are answered as if it had never been there. One job
 * with the built-in model answers all cases.
 */
class BadInputITCase {
  private static final Path MODEL = Path.of("..", "models", "millrace-tiny", "int8");
  private static final int PARTITIONS = 4;
  private static final int MUTANTS = 200;
  private static final Set<FinishReason> WHOLE = Set.of(FinishReason.STOP, FinishReason.LENGTH);

  /** Beside a case's conversation one without the bad record, for comparison. */
  private static final String TWIN = "twin-of-";

  private static final List<BadInput> CASES = BadInputs.all();
  private static final Map<String, RecordMetadata> SENT = new HashMap<>();
  private static final Map<String, Completion> COMPLETIONS = new HashMap<>();
  private static final Map<String, DeadLetter> DEAD_LETTERS = new HashMap<>();
  private static final Map<String, Long> WRITTEN_AT = new HashMap<>();

  @BeforeAll
  static void answerAllCases(@TempDir Path directory) throws Exception {
    EngineOptions engine = EngineOptions.defaults(MODEL.toString());
    MillraceConfig settings =
        MillraceConfig.defaults()
            .with(TopicSettings.REQUESTS, "bad.requests")
            .with(TopicSettings.COMPLETIONS, "bad.completions")
            .with(TopicSettings.CHUNKS, "bad.chunks")
            .with(TopicSettings.DEAD_LETTERS, "bad.dead-letters")
            .with(SourceSettings.MAX_REQUEST_SIZE, new MemorySize(BadInputs.MAX_REQUEST))
            .with(SourceSettings.BOUNDED, true)
            .with(SamplingSettings.TEMPERATURE, 0.0)
            .with(SamplingSettings.MAX_NEW_TOKENS, 16);
    try (JobHarness millrace =
        new JobHarness(directory, () -> SharedEngines.acquire(engine, Engines::open), settings)) {
      send(millrace.config);
      JobID job = millrace.submit(2, null);
      await()
          .atMost(Duration.ofMinutes(4))
          .until(() -> millrace.status(job).isGloballyTerminalState());
      assertThat(millrace.status(job)).isEqualTo(JobStatus.FINISHED);
      assertThat(millrace.checkpoints(job).getNumberOfRestoredCheckpoints()).isZero();
      collect(millrace);
    }
  }

  /** Each case's conversation in one partition: a good record, the bad one, a good one. */
  private static void send(MillraceConfig config) throws Exception {
    Properties settings = config.producerProperties();
    settings.put("bootstrap.servers", config.get(KafkaSettings.BOOTSTRAP_SERVERS));
    String topic = config.get(TopicSettings.REQUESTS);
    List<Sending> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < CASES.size(); i++) {
        BadInput bad = CASES.get(i);
        int partition = i % PARTITIONS;
        for (String conversation : List.of(bad.name(), TWIN + bad.name())) {
          byte[] key = BadInput.utf8(conversation);
          producer.send(record(topic, partition, key, before(conversation, bad)));
          if (conversation.equals(bad.name())) {
            sent.add(
                new Sending(
                    bad.name(),
                    producer.send(
                        new ProducerRecord<>(
                            topic,
                            partition,
                            bad.timestamp(),
                            bad.key(),
                            bad.value(),
                            bad.headers()))));
          }
          producer.send(record(topic, partition, key, after(conversation)));
        }
      }
      sendMutants(producer, topic, sent);
      for (Sending sending : sent) {
        SENT.put(sending.name, sending.metadata.get());
      }
    }
  }

  private record Sending(String name, Future<RecordMetadata> metadata) {}

  /** Good records of which each byte may have become another, with whole ones between them. */
  private static void sendMutants(
      KafkaProducer<byte[], byte[]> producer, String topic, List<Sending> sent) {
    Random random = new Random(7);
    for (int i = 0; i < MUTANTS; i++) {
      String conversation = new UUID(random.nextLong(), random.nextLong()).toString();
      byte[] bytes = BadInput.encode(BadInput.turn(conversation, "m", BadInput.HELLO).build());
      for (int change = random.nextInt(3); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      if (random.nextInt(4) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      int partition = i % PARTITIONS;
      sent.add(
          new Sending(
              "mutant-" + i, producer.send(record(topic, partition, new byte[] {1}, bytes))));
      byte[] good = BadInput.encode(BadInput.turn("good-" + i, "g", BadInput.HELLO).build());
      producer.send(record(topic, partition, BadInput.utf8("good-" + i), good));
    }
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, int partition, byte[] key, byte[] value) {
    return new ProducerRecord<>(topic, partition, key, value);
  }

  private static byte[] before(String conversation, BadInput bad) {
    return BadInput.encode(BadInput.turn(conversation, "before", bad.before()).build());
  }

  private static byte[] after(String conversation) {
    return BadInput.encode(BadInput.turn(conversation, "after", "What is my name?").build());
  }

  private static void collect(JobHarness millrace) throws Exception {
    WireDecoder<Completion> completions = decoder(Completion.class);
    for (var record : millrace.read("bad.completions")) {
      Completion completion = completions.decode(record.value());
      String id = completion.getRequestId();
      assertThat(COMPLETIONS.put(id, completion)).as("a second answer to %s", id).isNull();
      WRITTEN_AT.put(id, record.timestamp());
    }
    for (DeadLetter letter : millrace.read("bad.dead-letters", DeadLetter.class)) {
      String place = place(letter.getPartition(), letter.getOffset());
      assertThat(DEAD_LETTERS.put(place, letter)).as("a second one of %s", place).isNull();
    }
  }

  private static <T extends SpecificRecordBase> WireDecoder<T> decoder(Class<T> type) {
    return WireDecoder.of(type, SchemaResolver.none(), Integer.MAX_VALUE);
  }

  private static String place(int partition, long offset) {
    return partition + "@" + offset;
  }

  private static DeadLetter deadLetterOf(String name) {
    return DEAD_LETTERS.get(place(SENT.get(name).partition(), SENT.get(name).offset()));
  }

  static List<BadInput> cases() {
    return CASES;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void shouldEndAsItMustAndHurtNoNeighbour(BadInput bad) throws Exception {
    if (bad.end() instanceof BadInput.Dead dead) {
      checkDead(bad, dead);
    } else if (bad.end() instanceof BadInput.Answered answered) {
      checkAnswered(bad, answered);
    }
    boolean isTurn =
        bad.end() instanceof BadInput.Answered a && !a.reasons().contains(FinishReason.DEADLINE);
    Completion before = completion(bad.name() + "/before");
    Completion after = completion(bad.name() + "/after");
    assertThat(before.getFinishReason()).isIn(WHOLE);
    assertThat(before.getTurn()).isEqualTo(1);
    assertThat(after.getFinishReason()).isIn(WHOLE);
    assertThat(after.getTurn()).isEqualTo(isTurn ? 3 : 2);
    assertThat(before.getText())
        .isEqualTo(completion(TWIN + bad.name() + "/before").getText())
        .isNotBlank();
    if (!isTurn) {
      assertThat(after.getText())
          .as("as if nothing had been between")
          .isEqualTo(completion(TWIN + bad.name() + "/after").getText());
    }
  }

  private static void checkDead(BadInput bad, BadInput.Dead expected) {
    DeadLetter letter = deadLetterOf(bad.name());
    assertThat(letter).as("dead letter of %s", bad).isNotNull();
    assertThat(letter.getStage()).isEqualTo(expected.stage());
    assertThat(letter.getError())
        .matches(Pattern.compile(expected.error(), Pattern.DOTALL))
        .hasSizeLessThan(600)
        .matches(error -> error.chars().noneMatch(Character::isISOControl), "one line");
    assertThat(bytes(letter.getOriginal())).isEqualTo(expected.keepsBytes() ? bad.value() : null);
    assertThat(bytes(letter.getOriginalKey())).isEqualTo(expected.keepsBytes() ? bad.key() : null);
    assertThat(letter.getTopic()).isEqualTo("bad.requests");
    assertThat(COMPLETIONS).doesNotContainKey(bad.name() + "/bad");
  }

  private static void checkAnswered(BadInput bad, BadInput.Answered expected) throws Exception {
    assertThat(deadLetterOf(bad.name())).isNull();
    String id = decoder(ConversationRequest.class).decode(bad.value()).getRequestId();
    Completion completion = completion(id);
    assertThat(completion.getConversationId()).isEqualTo(bad.name());
    assertThat(completion.getFinishReason()).isIn(expected.reasons());
    assertThat(completion.getUsage().getDroppedTurns()).isEqualTo(expected.droppedTurns());
    assertThat(Instant.ofEpochMilli(WRITTEN_AT.get(id)))
        .as("written at this time, whatever the client's clock says")
        .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(60));
  }

  @Test
  void shouldTakeControlTokensOfAUserAsText() {
    int plain = completion("null-key/bad").getUsage().getPromptTokens();
    int hostile = completion("control-tokens/bad").getUsage().getPromptTokens();

    // As control tokens the five would add five ids; as text each has several.
    assertThat(hostile - plain).isGreaterThan(25);
  }

  @Test
  void shouldAnswerEveryGoodRecordAmongMutants() {
    int dead = 0;
    for (int i = 0; i < MUTANTS; i++) {
      Completion good = completion("good-" + i + "/g");
      assertThat(good.getText()).isEqualTo(completion(TWIN + "null-key/before").getText());
      dead += deadLetterOf("mutant-" + i) == null ? 0 : 1;
    }
    assertThat(dead).isBetween(MUTANTS / 2, MUTANTS - 1);
    long expected = CASES.stream().filter(bad -> bad.end() instanceof BadInput.Dead).count() + dead;
    assertThat(DEAD_LETTERS).as("no neighbour became one").hasSize((int) expected);
    long answered = CASES.size() - (expected - dead) + 4L * CASES.size() + 2L * MUTANTS - dead;
    assertThat(COMPLETIONS).as("every other record has one").hasSize((int) answered);
  }

  private static Completion completion(String id) {
    assertThat(COMPLETIONS).as("completions").containsKey(id);
    return COMPLETIONS.get(id);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
