package io.millrace.job;

import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.MillraceHome;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that talks to Kafka: a settings file and what replaces parts of it. */
public final class JobOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings, looked for in the working directory and in Millrace's home;"
              + " conf/millrace.yaml lists them all. Without it the defaults are used.")
  private Path config;

  @Mixin private Settings settings = new Settings();

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Kafka brokers: short for --set kafka.bootstrap-servers=...")
  private String bootstrapServers;

  @Option(
      names = "--properties",
      paramLabel = "FILE",
      description =
          "Further Kafka client properties, such as security.protocol, as a Java properties file.")
  private Path properties;

  /** The settings that these options ask for. */
  public MillraceConfig config() throws IOException {
    Map<String, String> replaced = new LinkedHashMap<>();
    if (properties != null) {
      load(properties)
          .forEach(
              (key, value) ->
                  replaced.put(KafkaSettings.PROPERTIES.key() + "." + key, (String) value));
    }
    if (bootstrapServers != null) {
      replaced.put(KafkaSettings.BOOTSTRAP_SERVERS.key(), bootstrapServers);
    }
    replaced.putAll(settings.values());
    MillraceConfig base =
        config == null
            ? MillraceConfig.defaults()
            : MillraceConfig.load(MillraceHome.resolve(config));
    return base.with(replaced);
  }

  private static Properties load(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("no file " + file + ": give --properties FILE");
    }
    Properties loaded = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      loaded.load(reader);
    }
    return loaded;
  }
}
