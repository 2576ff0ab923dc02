package io.millrace.operators.serving;

import io.millrace.engine.Engine;
import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.flow.FlowReporter;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.util.IOUtils;

/**
 * A keyed operator that has its records answered by an engine. It holds them in keyed state until
 * their answers are out, so a checkpoint needs no special handling of what is in the engine: after
 * a restore that is asked again.
 *
 * <p>All that is in memory here is rebuilt from that state. Only the task's thread touches it;
 * events of the engine come through the mailbox.
 *
 * @param <P> what prepares the operator's prompts for an engine
 */
public abstract class ServingOperator<IN, OUT, P> extends AbstractStreamOperator<OUT>
    implements OneInputStreamOperator<IN, OUT>, BoundedOneInput {
  private static final long serialVersionUID = 1L;

  private final EngineProvider provider;
  private final ServingLimits limits;
  private final FlowControl control;
  private final transient MailboxExecutor mailbox;

  private transient FlowReporter flow;

  /** What the operator holds. */
  protected transient BufferLimit buffer;

  protected transient EngineLink<P> link;
  private transient EngineMail mail;
  private transient CrashLedger ledger;
  private transient EngineDispatcher<?, ?> dispatcher;

  /**
   * @param control gates the source of the operator's records: the operator itself never waits
   */
  protected ServingOperator(
      StreamOperatorParameters<OUT> parameters,
      EngineProvider provider,
      ServingLimits limits,
      FlowControl control) {
    super(parameters);
    this.provider = provider;
    this.limits = limits;
    this.control = control;
    this.mailbox = parameters.getMailboxExecutor();
  }

  // ------------------------------------------------------------------ life

  @Override
  public final void open() throws Exception {
    super.open();
    flow = control.join(getRuntimeContext());
    buffer = new BufferLimit(limits.maxBuffered(), limits.maxBufferedBytes(), flow);
    mail = new EngineMail(mailbox, this::pump);
    link = new EngineLink<>(provider, limits.maxAttempts(), this::prepare);
    boolean first = getRuntimeContext().getTaskInfo().getAttemptNumber() == 0;
    ledger =
        new CrashLedger(control.name(), getRuntimeContext().getGlobalAggregateManager(), !first);
    dispatcher = connect();
    link.open(first);
    resume();
    pump();
  }

  /** Checks that the engine is one that the operator can use, and prepares for its prompts. */
  protected abstract P prepare(Engine engine) throws Exception;

  /** Makes what the operator has in memory, and its dispatcher. The engine is opened after it. */
  protected abstract EngineDispatcher<?, ?> connect();

  /** Adds what the snapshot holds to {@link #buffer} and to the dispatcher. */
  protected abstract void resume() throws Exception;

  /**
   * @param retryAt is to call {@link EngineDispatcher#onRetry} at a time, with the key's record as
   *     the current one, and then {@link #pump}
   */
  protected final <K extends Comparable<K>, A extends Attempt> EngineDispatcher<K, A> newDispatcher(
      ObjLongConsumer<K> retryAt,
      Consumer<K> currentKey,
      DispatchCounters counters,
      DispatchHandler<K, A> handler) {
    RetryPolicy<K> retries =
        new RetryPolicy<>(limits.maxAttempts(), limits.retryBackoff(), retryAt, this::now);
    return new EngineDispatcher<>(link, mail, ledger, retries, counters, currentKey, handler);
  }

  /**
   * Answers everything before a drained job ends. A bounded source behind a gate has waited for
   * that before it ended.
   */
  @Override
  public final void endInput() throws Exception {
    while (buffer.records() > 0) {
      mailbox.yield();
    }
  }

  @Override
  public final void close() throws Exception {
    // Whatever fails: a flow that is not left closes the source's gate for ever.
    IOUtils.closeAll(
        mail == null ? null : mail::close,
        dispatcher == null ? null : dispatcher::abandon,
        ledger,
        link,
        flow,
        super::close);
  }

  // ------------------------------------------------------------------ work

  /**
   * Starts what was added to the dispatcher while there are places. Is to end each piece of work
   * that may have added something. Leaves the current key undefined.
   */
  protected final void pump() throws Exception {
    dispatcher.pump();
    afterPump();
  }

  /** Is called after each {@link #pump}: some requests may have ended. */
  protected void afterPump() throws Exception {}

  protected final long now() {
    return getProcessingTimeService().getCurrentProcessingTime();
  }
}
