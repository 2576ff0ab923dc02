package io.millrace.operators.serving;

import io.millrace.engine.Admission.Ticket;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.GenerationResult;
import io.millrace.operators.record.SafeText;
import io.millrace.schemas.DeadLetterStage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what an operator asks to the engine and the answers back. A key waits for a place in the
 * engine, is in it, or waits for its next attempt; all of this is in memory, and the operator
 * rebuilds it from its state. Only the task's thread calls it.
 *
 * <p>This class is long because all ways into the engine and out of it are here: that each place is
 * given back once can be seen on one page.
 *
 * <p>Each lane asks for one place at a time and gives it to its first key, so a key that is added
 * later overtakes those that come after it in their order.
 *
 * @param <K> names what is asked
 * @param <A> an attempt at it
 */
public final class EngineDispatcher<K extends Comparable<K>, A extends Attempt>
    implements InFlight.Events<K, A> {
  private static final Logger LOG = LoggerFactory.getLogger(EngineDispatcher.class);

  /** So many processes that died with a prompt make it one that runs alone. */
  private static final int SUSPICIOUS_DEATHS = 2;

  private final EngineLink<?> link;
  private final EngineMail mail;
  private final CrashLedger ledger;
  private final RetryPolicy<K> retries;
  private final DispatchCounters counters;
  private final Consumer<K> currentKey;
  private final DispatchHandler<K, A> handler;

  private final PlaceQueue<K> waiting = new PlaceQueue<>();
  private final Map<K, InFlight<K, A>> running = new HashMap<>();

  /**
   * @param currentKey makes a key's record the current one
   */
  public EngineDispatcher(
      EngineLink<?> link,
      EngineMail mail,
      CrashLedger ledger,
      RetryPolicy<K> retries,
      DispatchCounters counters,
      Consumer<K> currentKey,
      DispatchHandler<K, A> handler) {
    this.link = link;
    this.mail = mail;
    this.ledger = ledger;
    this.retries = retries;
    this.counters = counters;
    this.currentKey = currentKey;
    this.handler = handler;
  }

  /** How many attempts are in the engine. */
  public int running() {
    return running.size();
  }

  /** The key's attempt in the engine; null if there is none. */
  public A running(K key) {
    InFlight<K, A> inFlight = running.get(key);
    return inFlight == null ? null : inFlight.attempt;
  }

  /** Whether the key waits for a place, is in the engine, or waits for its next attempt. */
  public boolean holds(K key) {
    return running.containsKey(key) || waiting.contains(key) || retries.isWaiting(key);
  }

  /** Lets a key wait for a place; {@link #pump} asks for it. */
  public void add(K key, Lane<K> lane) {
    waiting.add(key, lane);
  }

  /** Starts what was added while there are places. Leaves the current key undefined. */
  public void pump() throws Exception {
    renew();
    for (Lane<K> lane = waiting.nextToAsk(); lane != null; lane = waiting.nextToAsk()) {
      Ticket ticket = enter(lane);
      if (ticket.take()) {
        startFirst(lane, ticket);
      } else {
        waiting.asked(lane, ticket);
      }
    }
  }

  /** What waited for a place in an engine that has died waits for one in the next. */
  private void renew() throws Exception {
    if (link.renew()) {
      counters.engineDeaths().inc();
      // Other tasks may wait behind these, and hear of the death only by their turn.
      waiting.closeTickets();
    }
  }

  private Ticket enter(Lane<K> lane) {
    Runnable onGranted = () -> mail.post(() -> granted(lane));
    return link.engine().admission().enter(lane.priority(), lane.tenant(), lane.alone(), onGranted);
  }

  private void granted(Lane<K> lane) throws Exception {
    Ticket ticket = waiting.takeGranted(lane);
    if (ticket != null) {
      startFirst(lane, ticket);
    }
  }

  private void startFirst(Lane<K> lane, Ticket ticket) throws Exception {
    K first = waiting.takeFirst(lane);
    currentKey.accept(first);
    start(first, ticket);
  }

  private void start(K key, Ticket ticket) throws Exception {
    A attempt;
    try {
      attempt = handler.prepare(key);
    } catch (RuntimeException | StackOverflowError e) {
      ticket.close();
      handler.onRefused(key, DeadLetterStage.PROMPT, noPrompt(key, e));
      return;
    }
    if (attempt == null) {
      ticket.close();
      handler.onReady(key);
      return;
    }
    InFlight<K, A> inFlight = new InFlight<>(key, attempt, ticket, mail, this);
    running.put(key, inFlight);
    ticket.charge(attempt.generation().prompt().length);
    if (ledger.isCareful()) {
      Engine engine = link.engine();
      ledger.begin(
          inFlight.mark(),
          attempt.suspect(),
          deaths -> mail.post(() -> begun(inFlight, engine, deaths)));
    } else {
      ledger.begin(inFlight.mark(), attempt.suspect(), deaths -> {});
      submit(inFlight);
    }
  }

  /** The job's master knows of it, whatever happens to this process now. */
  private void begun(InFlight<K, A> inFlight, Engine engine, CrashLedger.Deaths deaths)
      throws Exception {
    if (!isPresent(inFlight)) {
      return;
    }
    if (engine != link.engine()) {
      // Its place was one in the engine before, with nobody beside it perhaps.
      waitOutside(inFlight);
      handler.onReady(inFlight.key);
      return;
    }
    if (!inFlight.attempt.suspect() && deaths.all() >= SUSPICIOUS_DEATHS) {
      waitOutside(inFlight);
      failed(inFlight.key, inFlight.attempt, true, new ProcessDeathException(deaths.all()));
    } else if (deaths.alone() > 0 && deaths.all() >= retries.maxAttempts()) {
      leave(inFlight);
      handler.onRefused(
          inFlight.key, DeadLetterStage.GENERATE, ProcessDeathException.message(deaths.all()));
    } else {
      submit(inFlight);
    }
  }

  private void submit(InFlight<K, A> inFlight) throws Exception {
    try {
      inFlight.started(link.engine().submit(inFlight.attempt.generation(), inFlight));
    } catch (IllegalArgumentException e) {
      leave(inFlight);
      handler.onRefused(inFlight.key, DeadLetterStage.PROMPT, e.getMessage());
    } catch (RuntimeException e) {
      inFlight.onError(e);
    }
  }

  private String noPrompt(K key, Throwable e) {
    if (e instanceof IllegalArgumentException) {
      return e.getMessage();
    }
    // Hostile text must not stop the stream, whatever it does to the tokenizer.
    LOG.warn("No prompt for {}", SafeText.value(key.toString()), e);
    return "the prompt cannot be built: " + e;
  }

  @Override
  public void onText(InFlight<K, A> inFlight, int index, String text) throws Exception {
    if (isPresent(inFlight)) {
      handler.onText(inFlight.key, inFlight.attempt, index, text);
    }
  }

  @Override
  public void onFinished(InFlight<K, A> inFlight, GenerationResult result) throws Exception {
    if (isPresent(inFlight)) {
      inFlight.ticket.charge(result.usage().completionTokens() - result.usage().cachedTokens());
      leave(inFlight);
      link.hasAnswered();
      handler.onAnswered(inFlight.key, inFlight.attempt, result);
    }
  }

  @Override
  public void onError(InFlight<K, A> inFlight, Throwable error) throws Exception {
    if (isPresent(inFlight)) {
      leave(inFlight);
      boolean died = error instanceof EngineStoppedException;
      if (died && !((EngineStoppedException) error).isSuspect()) {
        LOG.info("Request {} goes to another engine.", inFlight.attempt.name());
        handler.onReady(inFlight.key);
      } else {
        failed(inFlight.key, inFlight.attempt, died, error);
      }
    }
  }

  private void failed(K key, A attempt, boolean died, Throwable error) throws Exception {
    int failures = attempt.failures() + 1;
    LOG.warn("Attempt {} at request {} failed", failures, attempt.name(), error);
    // Of an engine's death only who was alone with it is guilty.
    boolean proven = !died || attempt.suspect();
    if (proven && failures >= retries.maxAttempts()) {
      handler.onRefused(
          key,
          DeadLetterStage.GENERATE,
          "the engine failed " + failures + " times, at last with: " + error);
    } else if (handler.onFailed(key, attempt, died)) {
      counters.retries().inc();
      retries.waitForNext(key, failures);
    } else {
      handler.onReady(key);
    }
  }

  /** Ends the current key's wait for its next attempt if the timer is that of its end. */
  public void onRetry(K key, long time) throws Exception {
    if (retries.onTimer(key, time)) {
      handler.onReady(key);
    }
  }

  /** Asks the engine to end the key's attempt, whose end is then heard as ever. */
  public void cancel(K key) {
    InFlight<K, A> inFlight = running.get(key);
    if (inFlight != null) {
      inFlight.cancel();
    }
  }

  private boolean isPresent(InFlight<K, A> inFlight) {
    boolean present = running.get(inFlight.key) == inFlight;
    if (!present) {
      counters.staleEvents().inc();
    }
    return present;
  }

  private void leave(InFlight<K, A> inFlight) {
    ledger.end(inFlight.mark());
    release(inFlight);
  }

  /** Its deaths until now count; those of others that come meanwhile do not. */
  private void waitOutside(InFlight<K, A> inFlight) {
    ledger.hold(inFlight.mark());
    release(inFlight);
  }

  private void release(InFlight<K, A> inFlight) {
    running.remove(inFlight.key);
    inFlight.ticket.close();
    currentKey.accept(inFlight.key);
  }

  /** Drops a key, wherever it is; nothing is heard of it any more. */
  public void forget(K key) {
    retries.forget(key);
    waiting.remove(key);
    InFlight<K, A> inFlight = running.remove(key);
    if (inFlight != null) {
      ledger.end(inFlight.mark());
      inFlight.abandon();
    }
  }

  /** Drops all keys of a kind. */
  public void forgetIf(Predicate<K> condition) {
    retries.forgetIf(condition);
    List<K> keys = new ArrayList<>(waiting.keys());
    keys.addAll(running.keySet());
    keys.stream().filter(condition).forEach(this::forget);
  }

  /** Takes back all that is in the engine: it may outlive this task and must not work for it. */
  public void abandon() {
    waiting.closeTickets();
    running.values().forEach(InFlight::abandon);
    running.clear();
  }
}
