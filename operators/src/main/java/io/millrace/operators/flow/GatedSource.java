package io.millrace.operators.flow;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A source that stops reading while the operators behind it have no room, and that does not end
 * before they have answered everything: as long as a source has not ended, the job checkpoints.
 * Splits, state and serializers are those of the source within.
 *
 * <p>It needs checkpointing: without, a bounded source never ends. A task manager that has subtasks
 * of the source and none of the operator does not hear of the others and reads on; with one
 * parallelism for all operators Flink's slot sharing leaves no such task manager.
 *
 * @param <T> what it reads
 * @param <S> its splits
 * @param <E> the state of its enumerator
 */
public final class GatedSource<T, S extends SourceSplit, E>
    implements Source<T, S, E>, ResultTypeQueryable<T> {
  private static final long serialVersionUID = 1L;

  private final Source<T, S, E> source;
  private final FlowControl flow;

  private GatedSource(Source<T, S, E> source, FlowControl flow) {
    this.source = source;
    this.flow = flow;
  }

  /**
   * @param source one that knows its type
   * @param flow the one that the operators behind it join
   */
  public static <T, S extends SourceSplit, E, Q extends Source<T, S, E> & ResultTypeQueryable<T>>
      GatedSource<T, S, E> of(Q source, FlowControl flow) {
    return new GatedSource<>(source, flow);
  }

  @Override
  public Boundedness getBoundedness() {
    return source.getBoundedness();
  }

  @Override
  public SourceReader<T, S> createReader(SourceReaderContext context) throws Exception {
    return new GatedSourceReader<>(source.createReader(context), flow);
  }

  @Override
  public SplitEnumerator<S, E> createEnumerator(SplitEnumeratorContext<S> context)
      throws Exception {
    return source.createEnumerator(context);
  }

  @Override
  public SplitEnumerator<S, E> restoreEnumerator(SplitEnumeratorContext<S> context, E state)
      throws Exception {
    return source.restoreEnumerator(context, state);
  }

  @Override
  public SimpleVersionedSerializer<S> getSplitSerializer() {
    return source.getSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<E> getEnumeratorCheckpointSerializer() {
    return source.getEnumeratorCheckpointSerializer();
  }

  @Override
  @SuppressWarnings("unchecked")
  public TypeInformation<T> getProducedType() {
    return ((ResultTypeQueryable<T>) source).getProducedType();
  }
}
