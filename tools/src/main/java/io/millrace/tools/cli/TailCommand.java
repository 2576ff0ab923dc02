package io.millrace.tools.cli;

import io.millrace.job.JobOptions;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.TopicSettings;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.json.RecordJson;
import io.millrace.tools.console.WaitingNote;
import io.millrace.tools.kafka.TopicReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.configuration.ConfigOption;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace tail}: shows what the job writes. */
@Command(
    name = "tail",
    description = "Shows what the job writes as it arrives, committed records only, until Ctrl-C.")
final class TailCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofMillis(500);

  @Spec private CommandSpec spec;
  @Mixin private JobOptions job;

  @ArgGroup private final What what = new What();

  /** Which topic; completions unless another is asked for. */
  static final class What {
    @Option(names = "--completions", description = "The answers (the default).")
    private boolean completions;

    @Option(names = "--chunks", description = "The answers' pieces as they are generated.")
    private boolean chunks;

    @Option(names = "--dead-letters", description = "Records that could not be answered.")
    private boolean deadLetters;
  }

  @Option(names = "--from-beginning", description = "Start with the topic's first record.")
  private boolean fromBeginning;

  @Option(names = "--json", description = "One JSON object a line, with every field.")
  private boolean json;

  @Option(names = "--count", paramLabel = "N", description = "End after so many records.")
  private long count = Long.MAX_VALUE;

  @Override
  public Integer call() throws IOException {
    MillraceConfig config = job.config();
    if (what.chunks) {
      follow(config, TopicSettings.CHUNKS, CompletionChunk.class, RecordLines::chunk);
    } else if (what.deadLetters) {
      follow(config, TopicSettings.DEAD_LETTERS, DeadLetter.class, RecordLines::deadLetter);
    } else {
      follow(config, TopicSettings.COMPLETIONS, Completion.class, RecordLines::completion);
    }
    return 0;
  }

  private <T extends SpecificRecordBase> TopicReader<T> open(
      MillraceConfig config, String topic, Class<T> type) {
    try (WaitingNote note = WaitingNote.forKafka(spec.commandLine().getErr(), config)) {
      return new TopicReader<>(config, topic, type, fromBeginning);
    }
  }

  private <T extends SpecificRecordBase> void follow(
      MillraceConfig config, ConfigOption<String> topic, Class<T> type, Function<T, String> line) {
    PrintWriter out = spec.commandLine().getOut();
    long shown = 0;
    try (TopicReader<T> reader = open(config, config.get(topic), type)) {
      while (shown < count && !out.checkError()) {
        for (T record : reader.poll(PATIENCE)) {
          if (shown++ < count) {
            out.println(json ? RecordJson.write(record) : line.apply(record));
          }
        }
      }
    }
  }
}
