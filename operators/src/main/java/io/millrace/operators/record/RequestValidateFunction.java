package io.millrace.operators.record;

import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.TrustedRecords;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Lets valid requests through to their conversations and turns all other records into dead letters,
 * so that a bad record touches no conversation.
 */
public final class RequestValidateFunction extends ProcessFunction<SourceRecord, SourceRecord> {
  private static final long serialVersionUID = 1L;

  static {
    TrustedRecords.register();
  }

  private final RequestValidator validator;
  private transient CountersBy<DeadLetterStage> deadLetters;

  public RequestValidateFunction(RequestValidator validator) {
    this.validator = validator;
  }

  @Override
  public void open(OpenContext context) {
    deadLetters = DeadLetterCounters.of(getRuntimeContext().getMetricGroup());
  }

  @Override
  public void processElement(SourceRecord source, Context context, Collector<SourceRecord> out) {
    if (source.request() == null) {
      deadLetter(source, DeadLetterStage.DECODE, source.error(), context);
      return;
    }
    try {
      validator.check(source.request());
    } catch (InvalidRequestException e) {
      deadLetter(source, DeadLetterStage.VALIDATE, e.getMessage(), context);
      return;
    }
    out.collect(source);
  }

  private void deadLetter(
      SourceRecord source, DeadLetterStage stage, String error, Context context) {
    deadLetters.inc(stage);
    context.output(Outputs.DEAD_LETTERS, DeadLetters.of(source, stage, error));
  }
}
