package io.millrace.operators.serving;

import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.operators.record.SamplingDefaults;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.DeadLetterStage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.streaming.runtime.tasks.StreamTaskActionExecutor;
import org.apache.flink.streaming.runtime.tasks.mailbox.MailboxExecutorImpl;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailboxImpl;

/** A dispatcher with a mailbox, a clock set by hand and an operator that asks for plain keys. */
final class DispatcherHarness implements DispatchHandler<String, DispatcherHarness.TextAttempt> {
  static final int ATTEMPTS = 3;
  static final long BACKOFF_MILLIS = 100;

  /** What an operator would keep in keyed state of a key. */
  record TextAttempt(GenerationRequest generation, int failures, boolean suspect)
      implements Attempt {
    @Override
    public boolean streams() {
      return true;
    }
  }

  private record Failures(int count, boolean suspect) {}

  final List<String> texts = new ArrayList<>();
  final List<String> answered = new ArrayList<>();
  final Map<String, String> refused = new TreeMap<>();

  /** Keys whose failure nobody minds any more. */
  final List<String> unwanted = new ArrayList<>();

  final SimpleCounter retries = new SimpleCounter();
  final SimpleCounter engineDeaths = new SimpleCounter();
  final SimpleCounter staleEvents = new SimpleCounter();
  final EngineDispatcher<String, TextAttempt> dispatcher;
  TestEngine engine;
  private final MailboxExecutorImpl mailbox =
      new MailboxExecutorImpl(new TaskMailboxImpl(), 0, StreamTaskActionExecutor.IMMEDIATE);
  private final Map<String, Failures> failures = new HashMap<>();
  private final Map<String, Long> timers = new TreeMap<>();
  private long now = 1_000_000;
  private String currentKey;

  DispatcherHarness(TestEngine engine) throws Exception {
    this(engine, ATTEMPTS);
  }

  DispatcherHarness(TestEngine engine, int attempts) throws Exception {
    this(engine, attempts, new CrashLedger("test", new TestMaster(), false));
  }

  DispatcherHarness(TestEngine engine, int attempts, CrashLedger ledger) throws Exception {
    this.engine = engine;
    EngineLink<String> link = new EngineLink<>(() -> this.engine, attempts, opened -> "prompts");
    EngineMail mail = new EngineMail(mailbox, this::pump);
    dispatcher =
        new EngineDispatcher<>(
            link,
            mail,
            ledger,
            new RetryPolicy<>(attempts, Duration.ofMillis(BACKOFF_MILLIS), timers::put, () -> now),
            new DispatchCounters(retries, engineDeaths, staleEvents),
            key -> currentKey = key,
            this);
    link.open(true);
  }

  /** Asks for keys that share a lane. */
  void ask(String... keys) throws Exception {
    for (String key : keys) {
      onReady(key);
    }
    pump();
  }

  private void pump() throws Exception {
    dispatcher.pump();
  }

  /** Lets the task hear all that has happened. */
  void deliver() {
    while (mailbox.tryYield()) {
      // Each turn runs one mail.
    }
  }

  void answer(String key) {
    engine.answer(key);
    deliver();
  }

  void fail(String key) {
    engine.fail(key, new IllegalArgumentException("no luck with " + key));
    deliver();
  }

  /** The engine dies and the next acquisition gives another. */
  void die(String... suspects) {
    TestEngine dead = engine;
    engine = new TestEngine();
    dead.die(suspects);
    deliver();
  }

  /** Lets time pass, and the timers of it fire. */
  void advance(long millis) throws Exception {
    now += millis;
    for (String key : List.copyOf(timers.keySet())) {
      long time = timers.get(key);
      if (time <= now) {
        timers.remove(key);
        currentKey = key;
        dispatcher.onRetry(key, time);
      }
    }
    pump();
    deliver();
  }

  @Override
  public TextAttempt prepare(String key) {
    check(key);
    Failures before = failures.getOrDefault(key, new Failures(0, false));
    GenerationRequest generation =
        new GenerationRequest(
            key,
            engine.tokenizer().encode(key),
            SamplingDefaults.standard().resolve(null, 7),
            0,
            "tenant",
            0);
    return new TextAttempt(generation, before.count(), before.suspect());
  }

  @Override
  public void onText(String key, TextAttempt attempt, int index, String text) {
    texts.add(key + " " + index + " " + text);
  }

  @Override
  public void onAnswered(String key, TextAttempt attempt, GenerationResult result) {
    check(key);
    answered.add(key);
  }

  @Override
  public void onRefused(String key, DeadLetterStage stage, String error) {
    check(key);
    refused.put(key, stage + ": " + error);
  }

  @Override
  public boolean onFailed(String key, TextAttempt attempt, boolean engineDied) {
    check(key);
    if (unwanted.remove(key)) {
      return false;
    }
    failures.put(key, new Failures(attempt.failures() + 1, attempt.suspect() || engineDied));
    return true;
  }

  @Override
  public void onReady(String key) {
    boolean suspect = failures.getOrDefault(key, new Failures(0, false)).suspect();
    dispatcher.add(key, suspect ? new Lane<>(0, "tenant", true, key) : Lane.shared(0, "tenant"));
  }

  private void check(String key) {
    if (!key.equals(currentKey)) {
      throw new AssertionError("the current key is " + currentKey + " where " + key + " acts");
    }
  }
}
