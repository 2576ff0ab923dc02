package io.millrace.operators.conversation;

import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.record.Outputs;
import io.millrace.operators.record.RequestValidateFunction;
import io.millrace.operators.record.RequestValidator;
import io.millrace.operators.record.SourceRecord;
import io.millrace.operators.record.Traced;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetter;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** The way of conversations from decoded records to what is written. */
public record ConversationStreams(
    DataStream<Traced<Completion>> completions,
    DataStream<Traced<CompletionChunk>> chunks,
    DataStream<Traced<DeadLetter>> deadLetters) {

  /**
   * Validates, groups by conversation and answers.
   *
   * @param flow the one that gates the source of the records
   */
  public static ConversationStreams of(
      DataStream<SourceRecord> records,
      EngineProvider engine,
      ConversationOptions options,
      FlowControl flow) {
    SingleOutputStreamOperator<SourceRecord> valid =
        records
            .process(new RequestValidateFunction(new RequestValidator(options.sampling())))
            .returns(TypeInformation.of(SourceRecord.class))
            .name("validate")
            .uid("validate");
    SingleOutputStreamOperator<Traced<Completion>> completions =
        valid
            .keyBy(SourceRecord::conversationId)
            .transform(
                "conversations",
                Outputs.COMPLETION,
                new ConversationOperatorFactory(engine, options, flow))
            .uid("conversations");
    return new ConversationStreams(
        completions,
        completions.getSideOutput(Outputs.CHUNKS),
        valid
            .getSideOutput(Outputs.DEAD_LETTERS)
            .union(completions.getSideOutput(Outputs.DEAD_LETTERS)));
  }
}
