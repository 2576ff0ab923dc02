package io.millrace.job.topology;

import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.SinkSettings;
import io.millrace.job.config.SourceSettings;
import io.millrace.job.kafka.TopicEnds;
import io.millrace.job.kafka.source.ResumableKafkaSource;
import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.flow.GatedSource;
import io.millrace.operators.record.Traced;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Sources and sinks of the job's topics. Their names are their uids, which are part of every
 * checkpoint: never change them.
 */
final class KafkaConnectors {
  private final MillraceConfig config;

  KafkaConnectors(MillraceConfig config) {
    this.config = config;
  }

  /** Where writers' schemas are, null where there are none. */
  String schemaDirectory() {
    String directory = config.get(SourceSettings.SCHEMA_DIRECTORY);
    return directory.isEmpty() ? null : directory;
  }

  /**
   * Reads a topic, from the group's offsets on.
   *
   * @param flow the one that the operator behind it joins
   */
  <T> DataStream<T> read(
      StreamExecutionEnvironment env,
      String name,
      String topic,
      KafkaRecordDeserializationSchema<T> deserializer,
      FlowControl flow) {
    KafkaSourceBuilder<T> source =
        KafkaSource.<T>builder()
            .setProperties(config.kafkaProperties())
            .setBootstrapServers(config.get(KafkaSettings.BOOTSTRAP_SERVERS))
            .setGroupId(config.get(SourceSettings.GROUP_ID))
            .setTopics(topic)
            .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
            .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
            .setDeserializer(deserializer);
    boolean bounded = config.get(SourceSettings.BOUNDED);
    ReadToTheEnd.check(env.getConfiguration(), name, bounded);
    ResumableKafkaSource<T> resumable =
        bounded
            // Fixed here, so that a restart does not move the end.
            ? ResumableKafkaSource.bounded(
                source,
                TopicEnds.of(config, topic),
                config.get(SourceSettings.GROUP_ID),
                config.clientProperties())
            : ResumableKafkaSource.unbounded(source);
    WatermarkStrategy<T> watermarks =
        WatermarkStrategy.<T>forMonotonousTimestamps()
            .withIdleness(config.get(SourceSettings.IDLENESS));
    return env.fromSource(GatedSource.of(resumable, flow), watermarks, name).uid(name);
  }

  <T> void writeExactlyOnce(
      DataStream<Traced<T>> stream,
      String name,
      KafkaRecordSerializationSchema<Traced<T>> serializer) {
    long timeout = config.get(SinkSettings.TRANSACTION_TIMEOUT).toMillis();
    write(
        stream,
        name,
        sink(serializer)
            .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
            .setTransactionalIdPrefix(config.transactionalIdPrefix() + "-" + name)
            // Reuses a few transactional ids instead of burning new ones with every checkpoint.
            .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
            .setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(timeout)));
  }

  <T> void writeAtLeastOnce(
      DataStream<Traced<T>> stream,
      String name,
      KafkaRecordSerializationSchema<Traced<T>> serializer) {
    write(stream, name, sink(serializer).setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE));
  }

  private <T> KafkaSinkBuilder<Traced<T>> sink(
      KafkaRecordSerializationSchema<Traced<T>> serializer) {
    return KafkaSink.<Traced<T>>builder()
        .setKafkaProducerConfig(config.producerProperties())
        .setBootstrapServers(config.get(KafkaSettings.BOOTSTRAP_SERVERS))
        .setRecordSerializer(serializer);
  }

  private static <T> void write(
      DataStream<Traced<T>> stream, String name, KafkaSinkBuilder<Traced<T>> sink) {
    stream.sinkTo(sink.build()).name(name).uid(name);
  }
}
