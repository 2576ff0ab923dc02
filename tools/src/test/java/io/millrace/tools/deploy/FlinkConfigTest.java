package io.millrace.tools.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.junit.jupiter.api.Test;

/** Flink understands conf/config.yaml. */
class FlinkConfigTest {

  /** What follows is the reporter's own. */
  private static final String REPORTER = "metrics.reporter.prom.";

  private final Configuration config =
      GlobalConfiguration.loadConfiguration(ProjectFiles.ROOT.resolve(Path.of("conf")).toString());

  @Test
  void shouldSetOnlyKeysOfFlink() {
    Set<String> unknown = new TreeSet<>(config.keySet());
    Stream.of(
            BlobServerOptions.class,
            CheckpointingOptions.class,
            CoreOptions.class,
            JobManagerOptions.class,
            MetricOptions.class,
            NettyShuffleEnvironmentOptions.class,
            RestOptions.class,
            RestartStrategyOptions.class,
            StateBackendOptions.class,
            TaskManagerOptions.class)
        .flatMap(options -> Stream.of(options.getFields()))
        .filter(field -> field.getType() == ConfigOption.class)
        .forEach(field -> unknown.remove(key(field)));
    unknown.removeIf(key -> key.startsWith(REPORTER));
    assertThat(config.keySet()).isNotEmpty();
    assertThat(unknown).isEmpty();
  }

  @Test
  void shouldAddUpTheMemoryOfTheTaskManager() {
    TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(config);
    assertThat(memory.getTaskOffHeapSize()).isEqualTo(MemorySize.parse("1g"));
    assertThat(memory.getTotalProcessMemorySize()).isLessThan(MemorySize.parse("4g"));
  }

  @Test
  void shouldAddUpTheMemoryOfTheJobManager() {
    assertThat(JobManagerProcessUtils.processSpecFromConfig(config).getTotalProcessMemorySize())
        .isEqualTo(MemorySize.parse("1600m"));
  }

  @Test
  void shouldLoadTheEngineFromTheParentClassLoader() {
    assertThat(CoreOptions.getParentFirstLoaderPatterns(config))
        .contains("io.millrace.engine", "org.bytedeco");
  }

  @Test
  void shouldLetPrometheusAskWhereTheReporterAnswers() throws Exception {
    Map<String, String> reporter = new HashMap<>(config.toMap());
    reporter.keySet().removeIf(key -> !key.startsWith(REPORTER));
    assertThat(reporter)
        .containsOnly(
            Map.entry(REPORTER + "factory.class", PrometheusReporterFactory.class.getName()),
            Map.entry(REPORTER + "port", "9249"));
    assertThat(config.get(MetricOptions.REPORTERS_LIST)).isEqualTo("prom");
    JsonNode discovery =
        ProjectFiles.yaml("conf/prometheus.yml").at("/scrape_configs/0/dns_sd_configs/0");
    assertThat(discovery.get("port").asText()).isEqualTo(reporter.get(REPORTER + "port"));
    JsonNode services = ProjectFiles.yaml("docker-compose.yml").get("services");
    discovery.get("names").forEach(name -> assertThat(services.has(name.asText())).isTrue());
  }

  private static String key(Field option) {
    try {
      return ((ConfigOption<?>) option.get(null)).key();
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
