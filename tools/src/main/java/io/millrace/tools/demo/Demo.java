package io.millrace.tools.demo;

import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.schemas.Completion;
import io.millrace.schemas.DeadLetter;
import io.millrace.tools.kafka.RequestWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * The whole way in one JVM: sends example conversations to Kafka, lets Flink and the model answer
 * them, and shows what comes back.
 */
public final class Demo {

  private static final Duration PATIENCE = Duration.ofMillis(15);
  private static final byte[] MALFORMED_KEY = "somebody".getBytes(StandardCharsets.UTF_8);
  private static final byte[] MALFORMED = "this is no request".getBytes(StandardCharsets.UTF_8);

  private final DemoOptions options;
  private final MillraceConfig config;
  private final EngineProvider provider;
  private final DemoView view;

  /**
   * @param config settings of the job; its place, its topics' brokers and its pace are the demo's
   */
  public Demo(
      DemoOptions options,
      MillraceConfig config,
      EngineProvider provider,
      PrintWriter out,
      boolean terminal,
      boolean colours) {
    this.options = options;
    this.config = config;
    this.provider = provider;
    this.view = new DemoView(out, terminal, colours);
  }

  /**
   * Runs until every request has its completion or dead letter; for ever where it is to stay up.
   *
   * @throws DemoFailure if one is missing when the time is over
   */
  public void run() throws Exception {
    List<Turn> turns =
        options.brief()
            ? Examples.readShort(options.examples())
            : Examples.read(options.examples());
    Scoreboard board = new Scoreboard(turns);
    view.heading("Millrace demo");
    try (DemoStack stack = DemoStack.start(config, provider, options.metricsPort())) {
      introduce(stack, turns);
      try (DemoReaders readers = new DemoReaders(stack.config());
          RequestWriter writer = new RequestWriter(stack.config())) {
        send(writer, turns);
        long started = System.nanoTime();
        while (!board.isFinished()) {
          board.observe(stack.engine().stats(), System.nanoTime());
          follow(stack, readers, board);
          Duration elapsed = Duration.ofNanos(System.nanoTime() - started);
          if (elapsed.compareTo(options.limit()) > 0) {
            throw new DemoFailure(missing(board, stack));
          }
        }
        view.end();
        DemoSummary.show(view, board, stack.completedCheckpoints(), System.nanoTime() - started);
        if (options.keep()) {
          invite(stack);
          while (true) {
            follow(stack, readers, board);
          }
        }
      } finally {
        view.end();
      }
    }
  }

  private void introduce(DemoStack stack, List<Turn> turns) {
    long conversations = turns.stream().map(Turn::conversation).distinct().count();
    view.fact("model", stack.engine().manifest().name() + "  " + config.modelDirectory());
    view.fact("Kafka", stack.config().get(KafkaSettings.BOOTSTRAP_SERVERS) + "  (embedded)");
    view.fact("dashboard", stack.dashboard().toString());
    if (options.metricsPort() > 0) {
      view.fact("metrics", "http://localhost:" + options.metricsPort() + "/metrics");
    }
    view.fact(
        "requests",
        turns.size() + " turns of " + conversations + " conversations, and one malformed record");
    view.line("");
  }

  private void send(RequestWriter writer, List<Turn> turns) {
    for (int i = 0; i < turns.size(); i++) {
      if (i == turns.size() / 2) {
        writer.send(MALFORMED_KEY, MALFORMED);
      }
      writer.send(turns.get(i).request());
    }
    writer.flush();
  }

  private void follow(DemoStack stack, DemoReaders readers, Scoreboard board) throws Exception {
    readers.chunks().poll(PATIENCE).stream().filter(board::isNew).forEach(view::chunk);
    for (Completion completion : readers.completions().poll(PATIENCE)) {
      board
          .completed(completion)
          .ifPresentOrElse(turn -> view.turn(turn, completion), () -> view.other(completion));
    }
    for (DeadLetter letter : readers.deadLetters().poll(PATIENCE)) {
      board.deadLettered(letter);
      view.deadLetter(letter);
    }
    view.progress(board);
    stack.checkRunning();
  }

  private String missing(Scoreboard board, DemoStack stack) throws Exception {
    return "%d of %d requests have no answer after %d s, the first one is %s%s; see .millrace/demo.log"
        .formatted(
            board.open().size(),
            board.sent(),
            options.limit().toSeconds(),
            board.open().stream().findFirst().map(Turn::id).orElse("the malformed record"),
            stack.failure().map(reason -> ". The job's latest failure: " + reason).orElse(""));
  }

  private void invite(DemoStack stack) {
    String servers = stack.config().get(KafkaSettings.BOOTSTRAP_SERVERS);
    view.heading("Staying up until Ctrl-C");
    view.fact("dashboard", stack.dashboard().toString());
    view.fact("send", "./millrace send FILE.jsonl --bootstrap-servers " + servers);
    view.fact("read", "./millrace tail --bootstrap-servers " + servers);
    view.line("");
  }
}
