package io.millrace.operators.documents;

import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.record.Traced;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.schemas.Summary;
import io.millrace.schemas.TrustedRecords;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.util.function.SerializableSupplier;

/** Makes the {@link DocumentOperator} of a subtask. */
public final class DocumentOperatorFactory extends AbstractStreamOperatorFactory<Traced<Summary>>
    implements OneInputStreamOperatorFactory<SourceDocument, Traced<Summary>> {
  private static final long serialVersionUID = 1L;

  static {
    // Before any state is restored.
    TrustedRecords.register();
  }

  private final EngineProvider provider;
  private final DocumentOptions options;
  private final FlowControl flow;
  private final SerializableSupplier<DocumentListener> listeners;

  public DocumentOperatorFactory(
      EngineProvider provider,
      DocumentOptions options,
      SerializableSupplier<DocumentListener> listeners,
      FlowControl flow) {
    this.provider = provider;
    this.options = options;
    this.flow = flow;
    this.listeners = listeners;
    // A task of its own: the engine's events do not wait for the source.
    setChainingStrategy(ChainingStrategy.HEAD);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<Traced<Summary>>> T createStreamOperator(
      StreamOperatorParameters<Traced<Summary>> parameters) {
    return (T) new DocumentOperator(parameters, provider, options, listeners, flow);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return DocumentOperator.class;
  }
}
