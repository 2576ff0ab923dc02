package io.millrace.tools.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.SinkSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.flink.container.entrypoint.StandaloneApplicationClusterConfigurationParserFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said of the deployment files without starting them. */
class ComposeTest {

  private static final Path DOCKER_CONFIG =
      ProjectFiles.ROOT.resolve(Path.of("conf", "docker", "millrace.yaml"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker-compose.yml",
        "docker-compose.gpu.yml",
        "conf/config.yaml",
        "conf/millrace.yaml",
        "conf/docker/millrace.yaml",
        "conf/prometheus.yml",
        "conf/grafana/provisioning/datasources/prometheus.yaml",
        "conf/grafana/provisioning/dashboards/millrace.yaml"
      })
  void shouldBeValidYaml(String file) throws Exception {
    assertThat(ProjectFiles.yaml(file).isObject()).isTrue();
  }

  @Test
  void shouldRunEveryServiceWithoutRootWatchItAndStartItAgain() throws Exception {
    JsonNode services = ProjectFiles.yaml("docker-compose.yml").get("services");
    assertThat(names(services))
        .containsExactly("grafana", "jobmanager", "kafka", "prometheus", "taskmanager");
    for (JsonNode service : services) {
      assertThat(service.path("user").asText()).as("user of %s", service).isNotIn("", "root", "0");
      assertThat(service.at("/healthcheck/test").isArray()).as("check of %s", service).isTrue();
      assertThat(service.path("restart").asText()).isEqualTo("unless-stopped");
    }
  }

  @Test
  void shouldDeclareEveryVolumeAndMountItWhereTheJobWrites() throws Exception {
    JsonNode compose = ProjectFiles.yaml("docker-compose.yml");
    Set<String> mounted = new TreeSet<>();
    compose
        .get("services")
        .forEach(
            service ->
                service.get("volumes").forEach(v -> mounted.add(v.asText().split(":", 2)[0])));
    Set<String> files = new TreeSet<>(mounted);
    files.removeIf(source -> !source.startsWith("./"));
    assertThat(files)
        .isNotEmpty()
        .allSatisfy(
            file -> assertThat(ProjectFiles.ROOT.resolve(file)).matches(Files::exists, "exists"));
    mounted.removeAll(files);
    assertThat(mounted).isEqualTo(names(compose.get("volumes")));
    String checkpoints = MillraceConfig.load(DOCKER_CONFIG).get(CheckpointSettings.DIRECTORY);
    for (String service : List.of("jobmanager", "taskmanager")) {
      assertThat(compose.at("/services/" + service + "/volumes/0").asText())
          .isEqualTo("checkpoints:" + checkpoints);
    }
  }

  @Test
  void shouldHandTheJobItsOptionsThroughFlink() throws Exception {
    JsonNode command = ProjectFiles.yaml("docker-compose.yml").at("/services/jobmanager/command");
    List<String> words = new ArrayList<>(List.of("--configDir", "/opt/flink/conf"));
    command.forEach(word -> words.add(word.asText()));
    assertThat(words.remove(2)).isEqualTo("standalone-job");
    Options options = new StandaloneApplicationClusterConfigurationParserFactory().getOptions();
    CommandLine parsed = new DefaultParser().parse(options, words.toArray(String[]::new), true);
    assertThat(parsed.getArgList()).containsExactly("--config", "/opt/millrace/conf/millrace.yaml");
  }

  @Test
  void shouldPutSavepointsWhereTheNextStartLooks() throws Exception {
    String checkpoints = MillraceConfig.load(DOCKER_CONFIG).get(CheckpointSettings.DIRECTORY);
    assertThat(
            ProjectFiles.yaml("conf/config.yaml")
                .at("/execution/checkpointing/savepoint-dir")
                .asText())
        .isEqualTo("file://" + checkpoints + "/savepoints");
  }

  @Test
  void shouldOverrideOnlyServicesThatExistForTheGpu() throws Exception {
    Set<String> base = names(ProjectFiles.yaml("docker-compose.yml").get("services"));
    JsonNode override = ProjectFiles.yaml("docker-compose.gpu.yml").get("services");
    assertThat(base).containsAll(names(override));
    assertThat(
            override
                .at("/taskmanager/deploy/resources/reservations/devices/0/capabilities/0")
                .asText())
        .isEqualTo("gpu");
  }

  @Test
  void shouldUseImagesOfTheVersionsThatAreBuiltAgainst() throws Exception {
    assertThat(ProjectFiles.read("docker-compose.yml"))
        .contains("image: apache/kafka:" + ProjectFiles.property("kafka.version") + "\n");
    assertThat(ProjectFiles.read("Dockerfile"))
        .contains("flink:" + ProjectFiles.property("flink.version") + "-java17\n");
  }

  @Test
  void shouldAllowTheJobsTransactionsOnTheBroker() throws Exception {
    JsonNode kafka = ProjectFiles.yaml("docker-compose.yml").at("/services/kafka/environment");
    MillraceConfig job = MillraceConfig.load(DOCKER_CONFIG);
    assertThat(kafka.get("KAFKA_TRANSACTION_MAX_TIMEOUT_MS").asLong())
        .isGreaterThanOrEqualTo(job.get(SinkSettings.TRANSACTION_TIMEOUT).toMillis());
    String listener = job.get(KafkaSettings.BOOTSTRAP_SERVERS);
    assertThat(kafka.get("KAFKA_ADVERTISED_LISTENERS").asText()).contains("//" + listener + ",");
  }

  @Test
  void shouldCopyWhatExistsAndDropRootInTheDockerfile() throws Exception {
    List<String> lines = ProjectFiles.read("Dockerfile").lines().toList();
    assertThat(lines.get(lines.size() - 1)).isEqualTo("USER flink");
    lines.stream()
        .filter(line -> line.startsWith("COPY ") && !line.contains("--from"))
        .flatMap(line -> Stream.of(line.split(" ")).skip(1).filter(w -> !w.startsWith("--")))
        .filter(word -> !word.startsWith("/") && !Pattern.matches("\\.", word))
        .forEach(
            file -> assertThat(ProjectFiles.ROOT.resolve(file)).matches(Files::exists, "exists"));
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
