package io.millrace.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MillraceConfigTest {

  @TempDir Path directory;

  private MillraceConfig load(String yaml) throws Exception {
    Path file = directory.resolve("millrace.yaml");
    Files.writeString(file, yaml);
    return MillraceConfig.load(file);
  }

  @Test
  void shouldReadNestedAndDottedKeys() throws Exception {
    MillraceConfig config =
        load(
            """
            engine:
              kv-cache-size: 1 gb
              threads: 4
            checkpoints.interval: 30 s
            model: {directory: /models/qwen}
            kafka:
              properties:
                security.protocol: SASL_SSL
            """);
    assertThat(config.engineOptions().kvCacheBytes()).isEqualTo(1L << 30);
    assertThat(config.engineOptions().threads()).isEqualTo(4);
    assertThat(config.engineOptions().modelDirectory()).isEqualTo("/models/qwen");
    assertThat(config.get(CheckpointSettings.INTERVAL)).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.kafkaProperties())
        .containsExactly(Map.entry("security.protocol", "SASL_SSL"));
  }

  @Test
  void shouldLetProducersTakeTheDeadLetterOfTheLongestRequest() throws Exception {
    assertThat(MillraceConfig.defaults().maxRecordBytes()).isEqualTo(1 << 20);
    assertThat(maxRequestSize("source.max-request-size: 4 mb")).isEqualTo((4 << 20) + (64 << 10));
    String own = "kafka.properties.max.request.size: ";
    assertThat(maxRequestSize(own + (9 << 20))).isEqualTo(9 << 20);
    assertThat(maxRequestSize(own + 1000)).isEqualTo(1 << 20);
  }

  @Test
  void shouldNotShareTransactionsBetweenJobsOfOtherTopicsOrGroups() {
    MillraceConfig config = MillraceConfig.defaults();
    assertThat(config.transactionalIdPrefix()).isEqualTo("millrace-millrace.requests");
    assertThat(config.with(TopicSettings.REQUESTS, "other").transactionalIdPrefix())
        .isEqualTo("millrace-other");
    assertThat(config.with(SourceSettings.GROUP_ID, "other").transactionalIdPrefix())
        .isEqualTo("other-millrace.requests");
    assertThat(config.with(SinkSettings.TRANSACTIONAL_ID_PREFIX, "own").transactionalIdPrefix())
        .isEqualTo("own");
  }

  @Test
  void shouldGiveProducersRoomForTheLongestRecord() throws Exception {
    String own = "kafka.properties.buffer.memory: ";
    assertThat(bufferMemory("")).as("Kafka's default is enough").isNull();
    assertThat(bufferMemory("source.max-request-size: 64 mb"))
        .isEqualTo(Integer.toString((64 << 20) + (64 << 10)));
    assertThat(bufferMemory(own + (9 << 20))).isEqualTo(Integer.toString(9 << 20));
    assertThat(bufferMemory(own + 1000)).isEqualTo(Integer.toString(1 << 20));
  }

  private String bufferMemory(String yaml) throws Exception {
    return load(yaml).producerProperties().getProperty("buffer.memory");
  }

  private int maxRequestSize(String yaml) throws Exception {
    return Integer.parseInt(load(yaml).producerProperties().getProperty("max.request.size"));
  }

  @Test
  void shouldQuoteNoSecretInAnErrorOfTheFile() {
    for (String broken :
        List.of(
            "kafka:\n  properties:\n    sasl.jaas.config: password=secret\n   x: [\n",
            "kafka.properties.sasl.jaas.config: 'password=secret\n",
            "kafka.properties.sasl.jaas.config: [secret]\n",
            "kafka.properties.sasl.jaas.config: \"\\qsecret\"\n",
            "password=secret")) {
      assertThatThrownBy(() -> load(broken))
          .isInstanceOf(IllegalArgumentException.class)
          .satisfies(e -> assertThat(stackTraceOf(e)).contains("millrace.yaml"))
          .satisfies(e -> assertThat(stackTraceOf(e)).doesNotContain("secret"));
    }
    assertThatThrownBy(() -> load("engine:\n  threads: 1\n threads: 2\n"))
        .hasMessageContaining("not valid YAML in line 3, column ");
  }

  private static String stackTraceOf(Throwable error) {
    StringWriter trace = new StringWriter();
    error.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  @Test
  void shouldTakeTheDefaultsFromAnEmptyFile() throws Exception {
    assertThat(load("# nothing\n").engineOptions())
        .isEqualTo(MillraceConfig.defaults().engineOptions());
  }

  @Test
  void shouldNameTheFileAndTheKeyOfAnError() {
    assertThatThrownBy(() -> load("topics: {request: a}"))
        .hasMessageContaining("millrace.yaml: unknown setting topics.request")
        .hasMessageContaining("topics.requests");
    assertThatThrownBy(() -> load("engine: {threads: many}"))
        .hasMessageContaining("engine.threads")
        .hasMessageContaining("many");
    assertThatThrownBy(() -> load("engine: {threads: }"))
        .hasMessageContaining("engine.threads needs one value");
    assertThatThrownBy(() -> load("engine: {threads: 1}\nengine: {spin: true}"))
        .hasMessageContaining("Duplicate field 'engine'");
    assertThatThrownBy(() -> MillraceConfig.load(directory.resolve("none.yaml")))
        .hasMessageContaining("none.yaml");
  }

  @Test
  void shouldRefuseValuesThatCannotWork() {
    assertRefused(Map.of("engine.max-running", "0"), "engine.max-running is 0");
    assertRefused(Map.of("source.max-request-size", "4 gb"), "source.max-request-size");
    assertRefused(Map.of("checkpoints.interval", "0 s"), "checkpoints.interval");
    assertRefused(
        Map.of("conversation.max-buffered", "0"),
        "conversation.max-buffered is 0 but must be at least 1");
    assertRefused(
        Map.of("conversation.max-buffered-size", "0 mb"),
        "conversation.max-buffered-size is 0",
        "must be at least 1 byte");
    assertRefused(
        Map.of("topics.chunks", "millrace.requests"), "topics.chunks is millrace.requests");
    assertRefused(
        Map.of("kafka.properties.group.id", "x"), "kafka.properties.group.id cannot be set");
    assertRefused(
        Map.of("kafka.properties.value.serializer", "x"),
        "kafka.properties.value.serializer cannot be set");
  }

  @ParameterizedTest
  @CsvSource({
    "acks, 1, acks",
    "enable.idempotence, false, idempotence",
    "retries, 0, retries",
    "max.in.flight.requests.per.connection, 6, max.in.flight.requests.per.connection",
    "fetch.min.bytes, many, fetch.min.bytes",
    "max.request.size, 5mb, max.request.size"
  })
  void shouldRefusePropertiesThatKafkasClientsRefuse(String property, String value, String named) {
    assertRefused(
        Map.of("kafka.properties." + property, value), "kafka.properties fit no client", named);
  }

  @Test
  void shouldRefuseATransactionTimeoutBelowTheCheckpoints() {
    assertRefused(
        Map.of("sink.transaction-timeout", "5 min"),
        "sink.transaction-timeout",
        "checkpoints.interval plus checkpoints.timeout (305 s)");
    assertThat(
            MillraceConfig.of(
                Map.of("sink.transaction-timeout", "1 min", "checkpoints.timeout", "30 s")))
        .isNotNull();
  }

  @Test
  void shouldReplaceSingleSettings() {
    MillraceConfig config =
        MillraceConfig.of(Map.of("engine.threads", "3"))
            .with(Map.of("engine.spin", "true"))
            .with(JobSettings.PARALLELISM, 2);
    assertThat(config.engineOptions().threads()).isEqualTo(3);
    assertThat(config.engineOptions().spin()).isTrue();
    assertThat(config.get(JobSettings.PARALLELISM)).isEqualTo(2);
  }

  private static void assertRefused(Map<String, String> settings, String... message) {
    assertThatThrownBy(() -> MillraceConfig.of(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(message);
  }
}
