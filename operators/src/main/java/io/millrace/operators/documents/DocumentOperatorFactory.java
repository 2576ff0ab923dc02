package io.millrace.operators.documents;

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
  private final SerializableSupplier<DocumentListener> listeners;

  public DocumentOperatorFactory(
      EngineProvider provider,
      DocumentOptions options,
      SerializableSupplier<DocumentListener> listeners) {
    this.provider = provider;
    this.options = options;
    this.listeners = listeners;
    // Not the head of a chain, it would block its source while it waits for room.
    setChainingStrategy(ChainingStrategy.HEAD);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<Traced<Summary>>> T createStreamOperator(
      StreamOperatorParameters<Traced<Summary>> parameters) {
    return (T) new DocumentOperator(parameters, provider, options, listeners);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return DocumentOperator.class;
  }
}
