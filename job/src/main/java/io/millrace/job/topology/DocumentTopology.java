package io.millrace.job.topology;

import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.TopicSettings;
import io.millrace.operators.documents.DocumentListener;
import io.millrace.operators.documents.DocumentStreams;
import io.millrace.operators.documents.SourceDocument;
import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.kafka.DocumentDeserializer;
import io.millrace.operators.kafka.RecordSerializers;
import io.millrace.operators.serving.EngineProvider;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The summaries: documents from Kafka through the document operator to summaries and dead letters,
 * both exactly once. In a job beside the conversations it shares their engine.
 */
public final class DocumentTopology {

  private DocumentTopology() {}

  /** Adds the topology to an environment that {@link JobEnvironment} has configured. */
  public static void build(
      StreamExecutionEnvironment env, MillraceConfig config, EngineProvider engine) {
    KafkaConnectors kafka = new KafkaConnectors(config);
    FlowControl flow = FlowControl.of("documents");
    DataStream<SourceDocument> documents =
        kafka.read(
            env,
            "documents",
            config.get(TopicSettings.DOCUMENTS),
            new DocumentDeserializer(kafka.schemaDirectory(), config.maxRequestBytes()),
            flow);
    DocumentStreams streams =
        DocumentStreams.of(
            documents, engine, config.documentOptions(), () -> DocumentListener.NONE, flow);
    kafka.writeExactlyOnce(
        streams.summaries(),
        "summaries",
        RecordSerializers.summaries(config.get(TopicSettings.SUMMARIES)));
    kafka.writeExactlyOnce(
        streams.deadLetters(),
        "document-dead-letters",
        RecordSerializers.deadLetters(
            config.get(TopicSettings.DEAD_LETTERS), config.maxRecordBytes()));
  }
}
