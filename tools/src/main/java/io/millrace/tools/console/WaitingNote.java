package io.millrace.tools.console;

import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import java.io.PrintWriter;
import java.util.Timer;
import java.util.TimerTask;

/** Says what a command waits for when it does so for more than a moment; closing it ends that. */
public final class WaitingNote implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 2_000;

  private final Timer timer = new Timer("waiting-note", true);

  private WaitingNote(PrintWriter out, String what, long patienceMillis) {
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            out.println("Waiting for " + what + " ...");
            out.flush();
          }
        },
        patienceMillis);
  }

  public static WaitingNote forKafka(PrintWriter out, MillraceConfig config) {
    return forKafka(out, config, PATIENCE_MILLIS);
  }

  public static WaitingNote forKafka(PrintWriter out, MillraceConfig config, long patienceMillis) {
    String servers = config.get(KafkaSettings.BOOTSTRAP_SERVERS);
    return new WaitingNote(out, "an answer from Kafka at " + servers, patienceMillis);
  }

  @Override
  public void close() {
    timer.cancel();
  }
}
