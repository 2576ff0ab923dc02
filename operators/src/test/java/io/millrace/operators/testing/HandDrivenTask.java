package io.millrace.operators.testing;

import io.millrace.operators.record.Traced;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;

/** One subtask of an operator with a {@link TestEngine}. */
public abstract class HandDrivenTask<I, O> extends TaskHarness<I, O> {
  public TestEngine engine;

  protected HandDrivenTask(
      OneInputStreamOperatorFactory<I, Traced<O>> factory,
      KeySelector<I, String> key,
      TypeInformation<Traced<O>> output,
      OperatorSubtaskState state,
      int parallelism,
      int subtask,
      TestEngine engine)
      throws Exception {
    super(factory, key, output, state, parallelism, subtask, engine);
    this.engine = engine;
  }

  /** What tasks get when they open an engine again. */
  public TestEngine nextEngine() {
    TestEngine next = new TestEngine();
    provide(next);
    return next;
  }

  /** The engine dies, and the task hears of it and opens another. */
  public void die(String... suspects) throws Exception {
    TestEngine dead = engine;
    engine = nextEngine();
    dead.die(suspects);
    deliver();
  }

  /** Lets the engine answer and the task hear of it. */
  public void answer(String id) throws Exception {
    engine.answer(id);
    deliver();
  }

  /** Answers until nothing runs. */
  public void answerAll() throws Exception {
    while (!engine.running().isEmpty()) {
      answer(engine.running().get(0));
    }
  }

  public void fail(String id) throws Exception {
    engine.fail(id, new IllegalArgumentException("no luck with " + id));
    deliver();
  }
}
