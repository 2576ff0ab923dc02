package io.millrace.operators.documents;

import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.record.Outputs;
import io.millrace.operators.record.Traced;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Summary;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.function.SerializableSupplier;

/** The way of documents from decoded records to what is written. */
public record DocumentStreams(
    DataStream<Traced<Summary>> summaries, DataStream<Traced<DeadLetter>> deadLetters) {

  /**
   * Validates, groups by document and summarises.
   *
   * @param flow the one that gates the source of the records
   */
  public static DocumentStreams of(
      DataStream<SourceDocument> records,
      EngineProvider engine,
      DocumentOptions options,
      SerializableSupplier<DocumentListener> listeners,
      FlowControl flow) {
    SingleOutputStreamOperator<SourceDocument> valid =
        records
            .process(new DocumentValidateFunction(options.sampling()))
            .returns(TypeInformation.of(SourceDocument.class))
            .name("validate documents")
            .uid("validate-documents");
    SingleOutputStreamOperator<Traced<Summary>> summaries =
        valid
            .keyBy(SourceDocument::documentId)
            .transform(
                "documents",
                Traced.typeOf(Summary.class),
                new DocumentOperatorFactory(engine, options, listeners, flow))
            .uid("document-operator");
    return new DocumentStreams(
        summaries,
        valid
            .getSideOutput(Outputs.DEAD_LETTERS)
            .union(summaries.getSideOutput(Outputs.DEAD_LETTERS)));
  }
}
