package io.millrace.tools.chaos;

import io.millrace.engine.Engine;
import io.millrace.engine.assembly.Engines;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.kafka.KafkaChecks;
import io.millrace.schemas.CompletionChunk;
import io.millrace.tools.kafka.KafkaProcesses;
import io.millrace.tools.process.Waits;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random faults, one after the other, on a job under load; then the judgement of all that it wrote.
 * The seed chooses what is sent and what befalls whom; the moments are those of the machine.
 */
public final class Chaos {
  private static final int BROKERS = 3;
  private static final int TASK_MANAGERS = 2;
  private static final int SLOTS = 2;
  private static final int SCRIPTS = 24;
  private static final int MAX_TOKENS = 120;
  private static final int USERS = 8;
  private static final int MAX_CALM_MILLIS = 4000;
  private static final int FAULTS_A_MINUTE = 2;
  private static final Duration RECOVERY = Duration.ofSeconds(180);

  private final Path directory;
  private final Path conf;
  private final Map<String, String> settings;
  private final double minutes;
  private final long seed;
  private final PrintWriter progress;
  private final Random random;
  private final Deque<Fault> deck = new ArrayDeque<>();
  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private final long begin = System.nanoTime();

  /**
   * @param directory for everything that is kept while it runs
   * @param conf the directory of Flink's config.yaml
   * @param settings of the job
   */
  public Chaos(
      Path directory,
      Path conf,
      Map<String, String> settings,
      double minutes,
      long seed,
      PrintWriter progress) {
    this.directory = directory;
    this.conf = conf;
    this.settings = settings;
    this.minutes = minutes;
    this.seed = seed;
    this.progress = progress;
    this.random = new Random(seed);
  }

  public ChaosReport run() throws Exception {
    List<Script> scripts = Script.random(SCRIPTS, MAX_TOKENS, seed);
    List<List<Answer>> answers;
    try (Engine engine = Engines.open(MillraceConfig.of(settings).engineOptions())) {
      answers = new Oracle(engine).answers(scripts);
    }
    say("%d scripts answered by the model alone", SCRIPTS);
    try (KafkaProcesses kafka = KafkaProcesses.start(BROKERS, directory);
        Stack stack = new Stack(directory, conf, kafka, settings, SLOTS)) {
      say("%d brokers at %s", BROKERS, kafka.bootstrapServers());
      KafkaChecks.check(stack.config());
      kafka.awaitReplicated();
      Variant variant = Variant.random(random);
      stack.start(TASK_MANAGERS, variant, TASK_MANAGERS);
      say("the job runs: %s", variant);
      try (Load load = new Load(stack.config(), scripts, 0, USERS, seed).start()) {
        long end = System.nanoTime() + (long) (minutes * 60e9);
        int least = (int) Math.round(minutes * FAULTS_A_MINUTE);
        for (int struck = 0; System.nanoTime() < end || struck < least; struck++) {
          strike(stack, load);
        }
        say("no more faults; waiting for the open answers");
        load.end();
        await("every request is answered", load, load::hasEnded);
        stack.stop(true);
        return report(stack, load, answers);
      }
    }
  }

  private void strike(Stack stack, Load load) throws Exception {
    Fault fault = next();
    Thread.sleep(random.nextInt(MAX_CALM_MILLIS));
    await("an answer is in generation", load, () -> load.inGeneration() > 0);
    int hit = load.inGeneration();
    String what = fault.strike(stack, random);
    faults.merge(fault, 1, Integer::sum);
    say("%s: %s; %d streamed answers were in generation", fault, what, hit);
    stack.awaitCheckpoints(1);
    int answered = load.answered();
    await("answers come again", load, () -> load.answered() > answered);
    say("recovered; %d of %d requests are answered", load.answered(), load.sent().size());
  }

  /** Every kind of fault in each round, in a random order. */
  private Fault next() {
    if (deck.isEmpty()) {
      List<Fault> round = new ArrayList<>(List.of(Fault.values()));
      Collections.shuffle(round, random);
      deck.addAll(round);
    }
    return deck.pop();
  }

  private static void await(String what, Load load, Waits.Condition condition) throws Exception {
    Waits.until(
        what,
        RECOVERY,
        () -> {
          load.check();
          return condition.holds();
        });
  }

  private ChaosReport report(Stack stack, Load load, List<List<Answer>> answers) {
    Judge judge = new Judge(answers);
    List<CompletionChunk> chunks = stack.chunks();
    Verdict verdict = judge.judge(load.sent(), stack.completions(), chunks);
    judge.findings().forEach(finding -> say("%s", finding));
    stack.deadLetters().forEach(letter -> say("dead letter: %s", letter.getError()));
    return new ChaosReport(
        verdict,
        Regenerated.of(chunks).size(),
        faults,
        stack.completedCheckpoints(),
        seed,
        minutes);
  }

  private void say(String format, Object... values) {
    progress.printf("[%3d s] ", (System.nanoTime() - begin) / 1_000_000_000);
    progress.printf(format + "%n", values);
    progress.flush();
  }
}
