package io.millrace.job;

import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.MillraceOptions;
import io.millrace.operators.ConversationStreams;
import io.millrace.operators.EngineProvider;
import io.millrace.operators.SourceRecord;
import io.millrace.operators.Traced;
import io.millrace.operators.kafka.RecordSerializers;
import io.millrace.operators.kafka.RequestDeserializer;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The main job: requests from Kafka through the conversation operator to completions and dead
 * letters, both exactly once, and chunks, at least once. Uids are part of every checkpoint: never
 * change them.
 */
public final class ConversationTopology {

  private ConversationTopology() {}

  /** Adds the topology to an environment that {@link JobEnvironment} has configured. */
  public static void build(
      StreamExecutionEnvironment env, MillraceConfig config, EngineProvider engine) {
    DataStream<SourceRecord> requests =
        env.fromSource(source(config), watermarks(config), "requests").uid("requests");
    ConversationStreams streams =
        ConversationStreams.of(requests, engine, config.conversationOptions());
    write(
        streams.completions(),
        "completions",
        exactlyOnce(
            config,
            RecordSerializers.completions(config.get(MillraceOptions.TOPICS_COMPLETIONS)),
            "completions"));
    write(
        streams.deadLetters(),
        "dead-letters",
        exactlyOnce(
            config,
            RecordSerializers.deadLetters(config.get(MillraceOptions.TOPICS_DEAD_LETTERS)),
            "dead-letters"));
    write(
        streams.chunks(),
        "chunks",
        sink(config, RecordSerializers.chunks(config.get(MillraceOptions.TOPICS_CHUNKS)))
            .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
            .build());
  }

  private static KafkaSource<SourceRecord> source(MillraceConfig config) {
    String schemas = config.get(MillraceOptions.SOURCE_SCHEMA_DIRECTORY);
    KafkaSourceBuilder<SourceRecord> source =
        KafkaSource.<SourceRecord>builder()
            .setProperties(config.kafkaProperties())
            .setBootstrapServers(config.get(MillraceOptions.KAFKA_BOOTSTRAP_SERVERS))
            .setGroupId(config.get(MillraceOptions.SOURCE_GROUP_ID))
            .setTopics(config.get(MillraceOptions.TOPICS_REQUESTS))
            .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
            .setStartingOffsets(OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
            .setDeserializer(
                new RequestDeserializer(
                    schemas.isEmpty() ? null : schemas, config.maxRequestBytes()));
    if (config.get(MillraceOptions.SOURCE_BOUNDED)) {
      source.setBounded(OffsetsInitializer.latest());
    }
    return source.build();
  }

  private static WatermarkStrategy<SourceRecord> watermarks(MillraceConfig config) {
    return WatermarkStrategy.<SourceRecord>forMonotonousTimestamps()
        .withIdleness(config.get(MillraceOptions.SOURCE_IDLENESS));
  }

  private static <T> KafkaSink<Traced<T>> exactlyOnce(
      MillraceConfig config,
      KafkaRecordSerializationSchema<Traced<T>> serializer,
      String transactionalIdSuffix) {
    long timeout = config.get(MillraceOptions.SINK_TRANSACTION_TIMEOUT).toMillis();
    String prefix = config.get(MillraceOptions.SINK_TRANSACTIONAL_ID_PREFIX);
    return sink(config, serializer)
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(prefix + "-" + transactionalIdSuffix)
        // Reuses a few transactional ids instead of burning new ones with every checkpoint.
        .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
        .setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(timeout))
        .build();
  }

  private static <T> KafkaSinkBuilder<Traced<T>> sink(
      MillraceConfig config, KafkaRecordSerializationSchema<Traced<T>> serializer) {
    return KafkaSink.<Traced<T>>builder()
        .setKafkaProducerConfig(config.producerProperties())
        .setBootstrapServers(config.get(MillraceOptions.KAFKA_BOOTSTRAP_SERVERS))
        .setRecordSerializer(serializer);
  }

  private static <T> void write(
      DataStream<Traced<T>> stream, String name, KafkaSink<Traced<T>> sink) {
    stream.sinkTo(sink).name(name).uid(name);
  }
}
