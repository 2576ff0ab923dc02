package io.millrace.operators.conversation;

import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.record.SourceRecord;
import io.millrace.operators.record.Traced;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.schemas.Completion;
import io.millrace.schemas.TrustedRecords;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the {@link ConversationOperator} of a subtask. */
public final class ConversationOperatorFactory
    extends AbstractStreamOperatorFactory<Traced<Completion>>
    implements OneInputStreamOperatorFactory<SourceRecord, Traced<Completion>> {
  private static final long serialVersionUID = 1L;

  static {
    // Before any state is restored.
    TrustedRecords.register();
  }

  private final EngineProvider provider;
  private final ConversationOptions options;
  private final FlowControl flow;

  public ConversationOperatorFactory(
      EngineProvider provider, ConversationOptions options, FlowControl flow) {
    this.provider = provider;
    this.options = options;
    this.flow = flow;
    // A task of its own: the engine's events do not wait for the source.
    setChainingStrategy(ChainingStrategy.HEAD);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<Traced<Completion>>> T createStreamOperator(
      StreamOperatorParameters<Traced<Completion>> parameters) {
    return (T) new ConversationOperator(parameters, provider, options, flow);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return ConversationOperator.class;
  }
}
