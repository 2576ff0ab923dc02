package io.millrace.tools.kafka;

import io.millrace.tools.process.ChildJvm;
import io.millrace.tools.process.Ports;
import io.millrace.tools.process.Waits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A Kafka cluster of several JVMs on this machine, each of which may be killed and come back. */
public final class KafkaProcesses implements AutoCloseable {
  private static final String MAIN = "kafka.Kafka";
  private static final List<String> OPTIONS =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final NodeSettings settings;
  private final Path directory;
  private final Map<Integer, ChildJvm> nodes = new TreeMap<>();
  private final Admin admin;

  private KafkaProcesses(NodeSettings settings, Path directory) {
    this.settings = settings;
    this.directory = directory;
    Properties client = new Properties();
    client.setProperty("bootstrap.servers", settings.bootstrapServers());
    admin = Admin.create(client);
  }

  /** Starts so many nodes with their data and logs inside of this directory. */
  public static KafkaProcesses start(int count, Path directory) throws Exception {
    List<Integer> ports = Ports.free(2 * count);
    NodeSettings settings =
        NodeSettings.of(ports.subList(0, count), ports.subList(count, 2 * count));
    KafkaProcesses kafka = new KafkaProcesses(settings, directory);
    try {
      for (int node = 1; node <= count; node++) {
        kafka.prepare(node);
        kafka.restart(node);
      }
      Waits.until("all brokers are up", PATIENCE, () -> kafka.live() == count);
      return kafka;
    } catch (Exception e) {
      kafka.close();
      throw e;
    }
  }

  private void prepare(int node) throws Exception {
    Path data = Files.createDirectories(directory.resolve("kafka-" + node));
    settings.format(node, data);
    try (OutputStream out = Files.newOutputStream(properties(node))) {
      settings.of(node, data).store(out, null);
    }
  }

  private Path properties(int node) {
    return directory.resolve("kafka-" + node + ".properties");
  }

  private int live() throws Exception {
    return admin.describeCluster().nodes().get().size();
  }

  public String bootstrapServers() {
    return settings.bootstrapServers();
  }

  public int nodes() {
    return settings.nodes();
  }

  /** Ends a node, from 1, with SIGKILL. */
  public void kill(int node) {
    nodes.remove(node).kill();
  }

  /** Starts a node that is not running, on the data that it had. */
  public void restart(int node) {
    String name = "kafka-" + node;
    nodes.put(
        node, ChildJvm.start(name, directory, OPTIONS, MAIN, List.of(properties(node).toString())));
  }

  /** Waits until every node has every record: then the next one may be lost. */
  public void awaitReplicated() throws Exception {
    Waits.until("all replicas are in sync", PATIENCE, this::isReplicated);
  }

  private boolean isReplicated() throws Exception {
    Set<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
    return admin.describeTopics(topics).allTopicNames().get().values().stream()
        .flatMap(topic -> topic.partitions().stream())
        .allMatch(partition -> partition.isr().size() == nodes());
  }

  public int partitions(String topic) throws Exception {
    TopicDescription found = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
    return found.partitions().size();
  }

  /** Gives a topic more partitions. */
  public void addPartitions(String topic, int more) throws Exception {
    int total = partitions(topic) + more;
    admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total))).all().get();
    Waits.until("topic " + topic + " has grown", PATIENCE, () -> partitions(topic) == total);
  }

  /** How many records of a topic a consumer group has not committed to have read. */
  public long lag(String group, String topic) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> read =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    long lag = 0;
    for (int partition = 0; partition < partitions(topic); partition++) {
      OffsetAndMetadata known = read.get(new TopicPartition(topic, partition));
      lag += size(topic, partition) - (known == null ? 0 : known.offset());
    }
    return lag;
  }

  /** The offset at which a partition ends. */
  public long size(String topic, int partition) throws Exception {
    TopicPartition asked = new TopicPartition(topic, partition);
    return admin
        .listOffsets(Map.of(asked, OffsetSpec.latest()))
        .partitionResult(asked)
        .get()
        .offset();
  }

  @Override
  public void close() throws IOException {
    nodes.values().forEach(ChildJvm::close);
    nodes.clear();
    admin.close(Duration.ZERO);
  }
}
