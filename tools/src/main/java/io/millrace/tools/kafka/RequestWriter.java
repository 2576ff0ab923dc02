package io.millrace.tools.kafka;

import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.TopicSettings;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.wire.WireEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends requests to the job's topic, keyed by conversation. Not thread-safe. */
public final class RequestWriter implements AutoCloseable {

  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final WireEncoder<ConversationRequest> encoder =
      WireEncoder.of(ConversationRequest.class);
  private final List<Future<?>> unconfirmed = new ArrayList<>();

  public RequestWriter(MillraceConfig config) {
    Properties settings = config.producerProperties();
    settings.setProperty(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.get(KafkaSettings.BOOTSTRAP_SERVERS));
    settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, "20000");
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    topic = config.get(TopicSettings.REQUESTS);
  }

  public void send(ConversationRequest request) {
    byte[] key = request.getConversationId().getBytes(StandardCharsets.UTF_8);
    send(key, encoder.encode(request));
  }

  /**
   * Sends requests of one conversation to one partition, whatever becomes of the topic meanwhile: a
   * key moves when a topic gains partitions, and order is kept in a partition only.
   */
  public void sendTogether(List<ConversationRequest> requests) {
    int partitions = producer.partitionsFor(topic).size();
    for (ConversationRequest request : requests) {
      byte[] key = request.getConversationId().getBytes(StandardCharsets.UTF_8);
      int partition = BuiltInPartitioner.partitionForKey(key, partitions);
      unconfirmed.add(
          producer.send(new ProducerRecord<>(topic, partition, key, encoder.encode(request))));
    }
  }

  /** Sends bytes as they are, whether or not they are a request. */
  public void send(byte[] key, byte[] value) {
    unconfirmed.add(producer.send(new ProducerRecord<>(topic, key, value)));
  }

  /**
   * Waits until the broker has all that was sent.
   *
   * @throws KafkaException if it refused one of the records
   */
  public void flush() {
    producer.flush();
    try {
      for (Future<?> sent : unconfirmed) {
        sent.get();
      }
      unconfirmed.clear();
    } catch (ExecutionException e) {
      throw new KafkaException("cannot write to topic " + topic, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while writing to topic " + topic, e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
