package io.millrace.job.topology;

import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.TopicSettings;
import io.millrace.operators.conversation.ConversationStreams;
import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.kafka.RecordSerializers;
import io.millrace.operators.kafka.RequestDeserializer;
import io.millrace.operators.record.SourceRecord;
import io.millrace.operators.serving.EngineProvider;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The main job: requests from Kafka through the conversation operator to completions and dead
 * letters, both exactly once, and chunks, at least once.
 */
public final class ConversationTopology {

  private ConversationTopology() {}

  /** Adds the topology to an environment that {@link JobEnvironment} has configured. */
  public static void build(
      StreamExecutionEnvironment env, MillraceConfig config, EngineProvider engine) {
    KafkaConnectors kafka = new KafkaConnectors(config);
    FlowControl flow = FlowControl.of("conversations");
    DataStream<SourceRecord> requests =
        kafka.read(
            env,
            "requests",
            config.get(TopicSettings.REQUESTS),
            new RequestDeserializer(kafka.schemaDirectory(), config.maxRequestBytes()),
            flow);
    ConversationStreams streams =
        ConversationStreams.of(requests, engine, config.conversationOptions(), flow);
    kafka.writeExactlyOnce(
        streams.completions(),
        "completions",
        RecordSerializers.completions(config.get(TopicSettings.COMPLETIONS)));
    kafka.writeExactlyOnce(
        streams.deadLetters(),
        "dead-letters",
        RecordSerializers.deadLetters(
            config.get(TopicSettings.DEAD_LETTERS), config.maxRecordBytes()));
    kafka.writeAtLeastOnce(
        streams.chunks(), "chunks", RecordSerializers.chunks(config.get(TopicSettings.CHUNKS)));
  }
}
