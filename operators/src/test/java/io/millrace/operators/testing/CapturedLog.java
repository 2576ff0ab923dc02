package io.millrace.operators.testing;

import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** What Millrace's loggers, and that of Flink's operators, get in this JVM, at every level. */
public final class CapturedLog implements AutoCloseable {
  /** Operators log with the second, which they inherit. */
  private static final List<String> LOGGERS =
      List.of("io.millrace", "org.apache.flink.streaming.api.operators");

  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final List<String> texts = new ArrayList<>();
  private final AbstractAppender appender =
      new AbstractAppender("captured", null, null, false, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
          take(event);
        }
      };

  public CapturedLog() {
    appender.start();
    for (String logger : LOGGERS) {
      LoggerConfig captured = new LoggerConfig(logger, Level.ALL, false);
      captured.addAppender(appender, Level.ALL, null);
      context.getConfiguration().addLogger(logger, captured);
    }
    context.updateLoggers();
  }

  private synchronized void take(LogEvent event) {
    texts.add(event.getMessage().getFormattedMessage());
    for (Throwable e = event.getThrown(); e != null; e = e.getCause()) {
      if (e.getMessage() != null) {
        texts.add(e.getMessage());
      }
    }
  }

  /** Messages, and those of exceptions that were logged with them. */
  public synchronized List<String> texts() {
    return List.copyOf(texts);
  }

  @Override
  public void close() {
    LOGGERS.forEach(context.getConfiguration()::removeLogger);
    context.updateLoggers();
  }
}
