package io.millrace.operators.testing;

import io.millrace.engine.Engine;
import io.millrace.operators.record.Outputs;
import io.millrace.operators.record.Traced;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.schemas.DeadLetter;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** One subtask of an operator with a clock set by hand. */
public class TaskHarness<I, O> implements AutoCloseable {
  public static final int MAX_PARALLELISM = 16;

  // The factory is serialised: the engine reaches the operator through here.
  private static final AtomicReference<Engine> NEXT = new AtomicReference<>();

  public static final EngineProvider ENGINES = NEXT::get;

  public final KeyedOneInputStreamOperatorTestHarness<String, I, Traced<O>> flink;
  public final CountedState state = new CountedState();

  /**
   * @param factory of an operator with {@link #ENGINES}
   * @param snapshot what to restore; null for none
   */
  public TaskHarness(
      OneInputStreamOperatorFactory<I, Traced<O>> factory,
      KeySelector<I, String> key,
      TypeInformation<Traced<O>> output,
      OperatorSubtaskState snapshot,
      int parallelism,
      int subtask,
      Engine engine)
      throws Exception {
    flink =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new WallClock<>(factory), key, Types.STRING, MAX_PARALLELISM, parallelism, subtask);
    WallClock.setBehind(0);
    flink.setStateBackend(state);
    flink
        .getExecutionConfig()
        .configure(
            new Configuration().set(PipelineOptions.GENERIC_TYPES, false),
            getClass().getClassLoader());
    flink.setup(output.createSerializer(flink.getExecutionConfig().getSerializerConfig()));
    flink.setProcessingTime(1_000_000);
    if (snapshot != null) {
      flink.initializeState(snapshot);
    }
    provide(engine);
    flink.open();
  }

  /** What tasks get when they open an engine. */
  protected static void provide(Engine engine) {
    NEXT.set(engine);
  }

  public void advance(long millis) throws Exception {
    flink.setProcessingTime(flink.getProcessingTime() + millis);
    deliver();
  }

  /** Sets the operator's clock back; its timers go on. */
  public void setClockBack(long millis) {
    WallClock.setBehind(millis);
  }

  public long now() {
    return flink.getProcessingTime();
  }

  /** Runs the mails of the task. */
  public void deliver() throws Exception {
    TaskMailbox mailbox = flink.getTaskMailbox();
    for (Optional<Mail> mail = mailbox.tryTake(TaskMailbox.MIN_PRIORITY);
        mail.isPresent();
        mail = mailbox.tryTake(TaskMailbox.MIN_PRIORITY)) {
      mail.get().run();
    }
  }

  public OperatorSubtaskState snapshot() throws Exception {
    return flink.snapshot(1, 1);
  }

  public List<O> output() {
    return flink.extractOutputValues().stream().map(Traced::record).toList();
  }

  public List<DeadLetter> deadLetters() {
    return side(Outputs.DEAD_LETTERS);
  }

  protected <T> List<T> side(OutputTag<Traced<T>> tag) {
    Queue<StreamRecord<Traced<T>>> queue = flink.getSideOutput(tag);
    return queue == null ? List.of() : queue.stream().map(r -> r.getValue().record()).toList();
  }

  @Override
  public void close() throws Exception {
    flink.close();
  }
}
