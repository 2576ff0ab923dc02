package io.millrace.tools.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.kafka.KafkaChecks;
import io.millrace.job.topology.JobEnvironment;
import io.millrace.job.topology.JobTopology;
import io.millrace.operators.testing.AutoEngine;
import io.millrace.operators.testing.RegisteredMetrics;
import io.millrace.tools.cluster.LocalCluster;
import io.millrace.tools.kafka.RequestWriter;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Grafana's dashboard asks for is what Prometheus gets from a running job. */
class PrometheusITCase {
  private static final Path DASHBOARD = Path.of("../conf/grafana/dashboards/millrace.json");
  private static final String OPERATOR = "flink_taskmanager_job_task_operator_";
  private static final int CONVERSATIONS = 7;
  private static final int ANSWERS = 3;

  private static TestBroker kafka;
  private static LocalCluster cluster;

  /** A line of what the reporter says: name, labels, value. */
  private record Sample(String name, String labels, double value) {}

  private static List<Sample> samples;

  @BeforeAll
  static void runAJob(@TempDir Path directory) throws Exception {
    int port = freePort();
    kafka = TestBroker.start();
    cluster = LocalCluster.start(2, port);
    MillraceConfig config =
        MillraceConfig.defaults()
            .with(KafkaSettings.BOOTSTRAP_SERVERS, kafka.bootstrapServers())
            .with(CheckpointSettings.DIRECTORY, directory.toUri().toString())
            .with(CheckpointSettings.INTERVAL, Duration.ofMillis(300));
    KafkaChecks.check(config);
    try (RequestWriter writer = new RequestWriter(config)) {
      for (int c = 0; c < CONVERSATIONS; c++) {
        writer.send(BadInput.turn("c" + c, "r", BadInput.HELLO).build());
      }
      writer.send(new byte[] {1}, BadInput.utf8("no request"));
      writer.send(BadInput.turn("c0", "blank", " ").build());
      writer.flush();
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(JobEnvironment.settings(config));
    env.setParallelism(2);
    JobTopology.build(env, config, PrometheusITCase::acquire);
    JobID job = cluster.submit(env);
    // The latest checkpoint's metrics are there with the first that completes.
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> {
              samples = scrape(port);
              return cluster.completedCheckpoints(job) > 1
                  && sum("finishReason_completions", "finishReason=\"STOP\"") == ANSWERS
                  && sum("stage_deadLetters", "") == 2
                  && sum("running", "") == CONVERSATIONS - ANSWERS;
            });
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
    kafka.close();
  }

  private static io.millrace.engine.Engine acquire() throws Exception {
    return SharedEngines.acquire(
        EngineOptions.defaults("prometheus"), options -> new AutoEngine(ANSWERS));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static List<Sample> scrape(int port) throws Exception {
    String page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics")).build(),
                BodyHandlers.ofString())
            .body();
    List<Sample> found = new ArrayList<>();
    for (MatchResult line :
        Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? (\\S+)$").matcher(page).results().toList()) {
      String labels = line.group(2) == null ? "" : line.group(2);
      found.add(new Sample(line.group(1), labels, Double.parseDouble(line.group(3))));
    }
    return found;
  }

  private static double sum(String metric, String label) {
    return samples.stream()
        .filter(s -> s.name().equals(OPERATOR + metric) && s.labels().contains(label))
        .mapToDouble(Sample::value)
        .sum();
  }

  @Test
  void shouldAskOnlyForExistingMetricsOnTheDashboard() throws Exception {
    JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DASHBOARD));
    Set<String> names = samples.stream().map(Sample::name).collect(Collectors.toSet());
    List<String> expressions = dashboard.findValuesAsText("expr");
    assertThat(expressions).hasSizeGreaterThan(25);
    for (String expression : expressions) {
      List<MatchResult> selectors =
          Pattern.compile("(flink_\\w+)(\\{.*?})?").matcher(expression).results().toList();
      assertThat(selectors).as(expression).isNotEmpty();
      for (MatchResult selector : selectors) {
        assertThat(names).as("metric of %s", expression).contains(selector.group(1));
        assertLabels(selector.group(1), expression);
      }
    }
    assertThat(dashboard.at("/templating/list/0/query/query").asText())
        .isEqualTo("label_values(flink_jobmanager_job_numRestarts, job_name)");
  }

  /** Every label that an expression filters or sums by is on the metric. */
  private static void assertLabels(String metric, String expression) {
    Sample sample = samples.stream().filter(s -> s.name().equals(metric)).findFirst().orElseThrow();
    Pattern.compile("by \\((\\w+)\\)|[{,](\\w+)=")
        .matcher(expression)
        .results()
        .map(label -> label.group(1) == null ? label.group(2) : label.group(1))
        .forEach(label -> assertThat(sample.labels()).as(expression).contains(label + "=\""));
  }

  @Test
  void shouldOfferTheDocumentedMetricsOnPrometheus() throws Exception {
    Set<String> documented = new TreeSet<>();
    for (String section :
        List.of("Operator `conversations`", "Operator `documents`", "The engine")) {
      RegisteredMetrics.documented(section).stream()
          .map(metric -> metric.substring(0, metric.indexOf(' ')))
          .map(name -> OPERATOR + name.replace(".*.", "_").replace('.', '_'))
          .forEach(documented::add);
    }

    assertThat(documented).hasSizeGreaterThan(20);
    assertThat(samples.stream().map(Sample::name).collect(Collectors.toSet()))
        .containsAll(documented);
  }

  @Test
  void shouldCountTheSharedEngineOnceInSumsOverSubtasks() {
    List<Double> subtasks =
        samples.stream()
            .filter(s -> s.name().equals(OPERATOR + "engine_runningSequences"))
            .map(Sample::value)
            .sorted()
            .toList();

    assertThat(subtasks).containsExactly(0.0, (double) (CONVERSATIONS - ANSWERS));
  }

  @Test
  void shouldCountDeadLettersByStage() {
    for (var stage : Map.of("DECODE", 1.0, "VALIDATE", 1.0, "PROMPT", 0.0).entrySet()) {
      assertThat(sum("stage_deadLetters", "stage=\"" + stage.getKey() + "\""))
          .as(stage.getKey())
          .isEqualTo(stage.getValue());
    }
  }
}
