package io.millrace.tools.kafka;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A small Kafka cluster of nodes that are broker and controller, all on this machine.
 *
 * @param ports where the brokers listen, of nodes 1, 2, ..
 * @param controllerPorts where their controllers do
 */
record NodeSettings(String clusterId, List<Integer> ports, List<Integer> controllerPorts) {
  private static final String HOST = "localhost";

  static NodeSettings of(List<Integer> ports, List<Integer> controllerPorts) {
    return new NodeSettings(Uuid.randomUuid().toString(), ports, controllerPorts);
  }

  int nodes() {
    return ports.size();
  }

  String bootstrapServers() {
    return ports.stream().map(port -> HOST + ":" + port).collect(Collectors.joining(","));
  }

  /** Makes an empty data directory ready for a node. */
  void format(int node, Path directory) throws Exception {
    new Formatter()
        .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
        .setClusterId(clusterId)
        .setNodeId(node)
        .setControllerListenerName("CONTROLLER")
        .addDirectory(directory.toString())
        .setMetadataLogDirectory(directory.toString())
        .run();
  }

  /** The properties of a node, from 1. */
  Properties of(int node, Path directory) {
    String broker = "PLAINTEXT://" + HOST + ":" + ports.get(node - 1);
    Properties p = new Properties();
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("node.id", Integer.toString(node));
    p.setProperty(
        "controller.quorum.voters",
        IntStream.rangeClosed(1, nodes())
            .mapToObj(n -> n + "@" + HOST + ":" + controllerPorts.get(n - 1))
            .collect(Collectors.joining(",")));
    p.setProperty(
        "listeners", broker + ",CONTROLLER://" + HOST + ":" + controllerPorts.get(node - 1));
    p.setProperty("advertised.listeners", broker);
    p.setProperty("controller.listener.names", "CONTROLLER");
    p.setProperty("inter.broker.listener.name", "PLAINTEXT");
    p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.setProperty("log.dirs", directory.toString());
    p.setProperty("auto.create.topics.enable", "false");
    replication(p);
    p.setProperty("transaction.max.timeout.ms", "7200000");
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    p.setProperty("log.cleaner.dedupe.buffer.size", "2097152");
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "2");
    return p;
  }

  /** Every record on every node, so that one of three may be lost; few partitions start faster. */
  private void replication(Properties p) {
    String copies = Integer.toString(nodes());
    String enough = Integer.toString(nodes() / 2 + 1);
    p.setProperty("default.replication.factor", copies);
    p.setProperty("min.insync.replicas", enough);
    p.setProperty("offsets.topic.replication.factor", copies);
    p.setProperty("offsets.topic.num.partitions", "1");
    p.setProperty("transaction.state.log.replication.factor", copies);
    p.setProperty("transaction.state.log.min.isr", enough);
    p.setProperty("transaction.state.log.num.partitions", "4");
    p.setProperty("share.coordinator.state.topic.replication.factor", copies);
    p.setProperty("share.coordinator.state.topic.min.isr", enough);
  }
}
