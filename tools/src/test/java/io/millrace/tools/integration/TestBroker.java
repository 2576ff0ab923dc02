package io.millrace.tools.integration;

import io.millrace.tools.kafka.EmbeddedKafka;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * A real Kafka broker for integration tests: a container where Docker answers, otherwise a node in
 * this JVM.
 */
record TestBroker(String bootstrapServers, AutoCloseable broker) implements AutoCloseable {
  private static final String IMAGE = "apache/kafka:4.2.0";

  static TestBroker start() throws Exception {
    if (DockerClientFactory.instance().isDockerAvailable()) {
      KafkaContainer container = new KafkaContainer(IMAGE);
      container.start();
      return new TestBroker(container.getBootstrapServers(), container);
    }
    EmbeddedKafka embedded = EmbeddedKafka.start();
    return new TestBroker(embedded.bootstrapServers(), embedded);
  }

  @Override
  public void close() throws Exception {
    broker.close();
  }
}
