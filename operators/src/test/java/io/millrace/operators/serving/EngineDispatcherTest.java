package io.millrace.operators.serving;

import static io.millrace.operators.serving.DispatcherHarness.ATTEMPTS;
import static io.millrace.operators.serving.DispatcherHarness.BACKOFF_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Admission.Ticket;
import io.millrace.engine.GenerationListener;
import io.millrace.operators.testing.TestEngine;
import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every operator may rely on that has its records answered by an engine. */
class EngineDispatcherTest {

  @Test
  void shouldAskForOnePlaceAtATimeAndGiveItToTheFirst() throws Exception {
    DispatcherHarness task = new DispatcherHarness(new TestEngine(2));
    task.ask("c", "d", "e");
    assertThat(task.engine.running()).containsExactly("c", "d");
    assertThat(task.engine.admission().waiting()).isOne();

    task.ask("f", "a");
    assertThat(task.engine.admission().waiting()).as("for all of its lane").isOne();
    task.answer("c");
    assertThat(task.engine.running()).as("the first in order").containsExactly("d", "a");
    assertThat(task.dispatcher.running()).isEqualTo(2);
    assertThat(task.dispatcher.holds("e")).isTrue();
    task.answer("d");
    task.answer("a");
    task.answer("e");
    task.answer("f");

    assertThat(task.answered).containsExactly("c", "d", "a", "e", "f");
    assertThat(task.dispatcher.holds("e")).isFalse();
    assertThat(task.engine.admission().holders()).isZero();
  }

  @Test
  void shouldDropWhatAnEngineSaysOfAnAttemptThatHasEnded() throws Exception {
    DispatcherHarness task = new DispatcherHarness(new TestEngine());
    task.ask("a");
    GenerationListener first = task.engine.listener("a");
    first.onText(0, "heard");
    task.fail("a");
    task.advance(BACKOFF_MILLIS);
    assertThat(task.engine.running()).containsExactly("a");

    first.onText(1, "late");
    first.onError(new IllegalArgumentException("late"));
    task.deliver();
    assertThat(task.dispatcher.running()).as("the second attempt goes on").isOne();
    task.answer("a");

    assertThat(task.texts).containsExactly("a 0 heard");
    assertThat(task.staleEvents.getCount()).isEqualTo(2);
    assertThat(task.retries.getCount()).isOne();
    assertThat(task.answered).containsExactly("a");
  }

  @Test
  void shouldBringToTheNextEngineWhatWasInOneThatDiedAndWhatWaitedForIt() throws Exception {
    TestEngine dead = new TestEngine(2);
    DispatcherHarness task = new DispatcherHarness(dead);
    task.ask("a", "b", "c", "d");
    task.die();

    assertThat(dead.isClosed()).isTrue();
    assertThat(dead.admission().waiting()).as("nobody waits behind a dead task").isZero();
    assertThat(dead.admission().holders()).isZero();
    assertThat(task.engine.running()).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(task.engineDeaths.getCount()).isOne();
    assertThat(task.retries.getCount()).as("none of them is to blame").isZero();
  }

  @Test
  void shouldAskASuspectAlone() throws Exception {
    DispatcherHarness task = new DispatcherHarness(new TestEngine());
    task.ask("a", "b", "c");
    task.die("a", "b");
    assertThat(task.engine.running()).as("it did not work on c").containsExactly("c");
    task.advance(BACKOFF_MILLIS);
    assertThat(task.engine.running()).containsExactly("c");

    task.answer("c");
    assertThat(task.engine.running()).containsExactly("a");
    task.ask("d");
    task.answer("a");
    assertThat(task.engine.running()).as("no other while there is a suspect").containsExactly("b");
    task.answer("b");
    assertThat(task.engine.running()).containsExactly("d");
  }

  @Test
  void shouldTryAgainAndThenRefuse() throws Exception {
    DispatcherHarness task = new DispatcherHarness(new TestEngine());
    task.ask("a", "b");
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      task.fail("a");
      assertThat(task.engine.running()).containsExactly("b");
      assertThat(task.dispatcher.holds("a")).as("it waits").isTrue();
      task.advance((BACKOFF_MILLIS << (attempt - 1)) - 1);
      assertThat(task.engine.running()).as("the wait doubles").containsExactly("b");
      task.advance(1);
      assertThat(task.engine.running()).containsExactly("b", "a");
    }
    task.fail("a");
    task.advance(100 * BACKOFF_MILLIS);

    assertThat(task.refused).containsOnlyKeys("a");
    assertThat(task.refused.get("a")).startsWith("GENERATE").contains("3 times", "no luck with a");
    assertThat(task.dispatcher.holds("a")).isFalse();
    assertThat(task.engine.running()).containsExactly("b");
    assertThat(task.retries.getCount()).isEqualTo(ATTEMPTS - 1);
  }

  @Test
  void shouldRefuseOnlyWhoWasAloneWithAnEngineThatDied() throws Exception {
    DispatcherHarness task = new DispatcherHarness(new TestEngine(), 1);
    task.ask("a", "z");
    task.die("a", "z");
    task.advance(BACKOFF_MILLIS);
    assertThat(task.refused).as("one of them is innocent").isEmpty();
    assertThat(task.engine.running()).containsExactly("a");
    task.die("a");

    assertThat(task.refused).containsOnlyKeys("a");
    assertThat(task.refused.get("a")).startsWith("GENERATE").contains("2 times", "on purpose");
    assertThat(task.engine.running()).containsExactly("z");
    task.answer("z");
    assertThat(task.answered).containsExactly("z");
  }

  @Test
  void shouldNotTryAgainWhatNobodyWants() throws Exception {
    DispatcherHarness task = new DispatcherHarness(new TestEngine());
    task.ask("a");
    task.unwanted.add("a");
    task.fail("a");

    assertThat(task.engine.running()).as("it is ready at once, no wait").containsExactly("a");
    assertThat(task.retries.getCount()).isZero();
  }

  @Test
  void shouldRefuseWhatCannotBePreparedOrSubmitted() throws Exception {
    DispatcherHarness task = new DispatcherHarness(new TestEngine(1));
    task.ask("hostile", "ok", TestEngine.UNLUCKY);
    task.answer("ok");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      task.deliver();
      task.advance(100 * BACKOFF_MILLIS);
    }

    assertThat(task.refused).containsOnlyKeys("hostile", TestEngine.UNLUCKY);
    assertThat(task.refused.get("hostile")).startsWith("PROMPT").contains("StackOverflowError");
    assertThat(task.refused.get(TestEngine.UNLUCKY)).startsWith("GENERATE").contains("a bug");
    assertThat(task.engine.admission().holders()).isZero();
  }

  @Test
  void shouldForgetAKeyWhereverItIs() throws Exception {
    DispatcherHarness task = new DispatcherHarness(new TestEngine(2));
    task.ask("retries", "runs", "waits");
    task.fail("retries");
    task.ask("queued");
    assertThat(task.engine.running()).containsExactly("runs", "waits");
    task.dispatcher.forgetIf(key -> !key.equals("waits"));
    task.deliver();
    task.advance(100 * BACKOFF_MILLIS);

    assertThat(task.engine.running()).containsExactly("waits");
    assertThat(task.engine.admission().waiting()).as("nobody is left to use a place").isZero();
    assertThat(task.engine.admission().holders()).isOne();
    task.answer("waits");
    assertThat(task.answered).containsExactly("waits");
  }

  @Test
  void shouldGiveItsPlacesBackWhenItIsAbandoned() throws Exception {
    TestEngine shared = new TestEngine(2);
    DispatcherHarness task = new DispatcherHarness(shared);
    task.ask("a", "b", "c");
    Ticket other = shared.admission().enter(0, "tenant", false, () -> {});
    assertThat(other.take()).isFalse();
    task.dispatcher.abandon();

    assertThat(other.take()).as("another task goes on").isTrue();
    assertThat(shared.running()).isEmpty();
    assertThat(shared.admission().holders()).isOne();
    assertThat(shared.admission().waiting()).isZero();
    task.deliver();
    assertThat(task.answered).as("what is cancelled is no answer").isEmpty();
  }

  /** A task of a job that was restarted; one whose process dies is not closed. */
  private static DispatcherHarness restarted(TestMaster master) throws Exception {
    return restarted(master, ATTEMPTS);
  }

  private static DispatcherHarness restarted(TestMaster master, int attempts) throws Exception {
    return new DispatcherHarness(new TestEngine(), attempts, new CrashLedger("test", master, true));
  }

  private static void awaitRunning(DispatcherHarness task, String... keys) {
    awaitThat(task, () -> assertThat(task.engine.running()).containsExactlyInAnyOrder(keys));
  }

  private static void awaitRefused(DispatcherHarness task, String key) {
    awaitThat(task, () -> assertThat(task.refused).containsOnlyKeys(key));
  }

  /** The ledger answers on a thread of its own; the task's mailbox knows this one alone. */
  private static void awaitThat(DispatcherHarness task, ThrowingRunnable assertion) {
    await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              task.deliver();
              task.advance(BACKOFF_MILLIS);
              assertion.run();
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, ATTEMPTS})
  void shouldRefuseAPromptThatKillsItsProcessAndAnswerTheOthers(int attempts) throws Exception {
    TestMaster master = new TestMaster();
    for (int death = 0; death < 2; death++) {
      DispatcherHarness task = restarted(master, attempts);
      task.ask("calm", "poison");
      awaitRunning(task, "calm", "poison");
    }
    DispatcherHarness third = restarted(master, attempts);
    third.ask("calm", "other", "poison");
    awaitRunning(third, "other");
    third.answer("other");
    awaitRunning(third, "calm");
    third.answer("calm");
    awaitRunning(third, "poison");

    DispatcherHarness fourth = restarted(master, attempts);
    fourth.ask("another", "poison");
    awaitRunning(fourth, "another");
    fourth.answer("another");
    awaitRefused(fourth, "poison");
    assertThat(fourth.refused.get("poison"))
        .startsWith("GENERATE: ")
        .contains("died 3 times with this prompt in it");
    assertThat(third.refused).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void shouldAnswerWhatWaitedWhileAPromptKilledItsProcess(int attempts) throws Exception {
    TestMaster master = new TestMaster();
    for (int death = 0; death < 2; death++) {
      DispatcherHarness task = restarted(master, attempts);
      task.ask("an evil one", "calm");
      awaitRunning(task, "an evil one", "calm");
    }
    DispatcherHarness third = restarted(master, attempts);
    third.ask("an evil one", "calm");
    awaitRunning(third, "an evil one");

    DispatcherHarness fourth = restarted(master, attempts);
    fourth.ask("an evil one", "calm");
    awaitRunning(fourth, "calm");
    fourth.answer("calm");
    assertThat(fourth.answered).containsExactly("calm");
    awaitRefused(fourth, "an evil one");
    assertThat(third.refused).isEmpty();
  }

  @Test
  void shouldWaitForAPlaceAgainWhereTheEngineDiedBeforeTheMasterAnswered() throws Exception {
    TestMaster master = new TestMaster();
    DispatcherHarness task = restarted(master);
    synchronized (master) {
      task.ask("a");
      task.die();
    }
    awaitRunning(task, "a");
    assertThat(task.engine.admission().holders()).as("a place in this engine").isOne();
    task.answer("a");
    assertThat(task.engine.admission().holders()).isZero();
  }

  @Test
  void shouldEndAnAttemptThatIsCancelledBeforeTheEngineHasIt() throws Exception {
    DispatcherHarness task = restarted(new TestMaster());
    task.ask("a");
    task.dispatcher.cancel("a");
    awaitThat(task, () -> assertThat(task.answered).containsExactly("a"));
  }
}
