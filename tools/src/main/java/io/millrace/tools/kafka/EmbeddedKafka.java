package io.millrace.tools.kafka;

import io.millrace.job.kafka.Topics;
import io.millrace.tools.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * One real Kafka node, broker and controller, in this JVM: for the demo and for tests. It and
 * {@link NodeSettings} alone touch Kafka's internal server classes.
 */
public final class EmbeddedKafka implements AutoCloseable {

  private static final int START_ATTEMPTS = 5;

  private final KafkaRaftServer server;
  private final Path directory;
  private final String bootstrapServers;
  private boolean closed;

  private EmbeddedKafka(KafkaRaftServer server, Path directory, String bootstrapServers) {
    this.server = server;
    this.directory = directory;
    this.bootstrapServers = bootstrapServers;
  }

  /** Starts a node on free ports; its data go to a directory that {@link #close()} deletes. */
  public static EmbeddedKafka start() throws IOException {
    return start(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** Starts a node on free ports with its data in a new directory inside of this one. */
  public static EmbeddedKafka start(Path parent) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        List<Integer> ports = Ports.free(2);
        return start(parent, ports.get(0), ports.get(1));
      } catch (RuntimeException e) {
        // Another process may have taken a port between the look and the bind.
        if (attempt == START_ATTEMPTS) {
          throw new IOException("cannot start the embedded Kafka broker", e);
        }
      }
    }
  }

  private static EmbeddedKafka start(Path parent, int port, int controllerPort) throws IOException {
    Path directory = Files.createTempDirectory(parent, "millrace-kafka");
    NodeSettings node = NodeSettings.of(List.of(port), List.of(controllerPort));
    try {
      node.format(1, directory);
      KafkaRaftServer server =
          new KafkaRaftServer(KafkaConfig.fromProps(node.of(1, directory), false), Time.SYSTEM);
      server.startup();
      return new EmbeddedKafka(server, directory, node.bootstrapServers());
    } catch (Exception e) {
      delete(directory);
      throw e instanceof RuntimeException r ? r : new IllegalStateException(e);
    }
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Creates topics with this many partitions each. */
  public void createTopics(int partitions, String... names) {
    Topics.createMissing(bootstrapServers, new Properties(), partitions, List.of(names));
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    server.shutdown();
    server.awaitShutdown();
    delete(directory);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
