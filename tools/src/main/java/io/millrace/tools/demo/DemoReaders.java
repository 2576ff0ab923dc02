package io.millrace.tools.demo;

import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.MillraceOptions;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.tools.kafka.RecordReader;

/** Readers of everything that the job writes. */
final class DemoReaders implements AutoCloseable {

  private final RecordReader<Completion> completions;
  private final RecordReader<CompletionChunk> chunks;
  private final RecordReader<DeadLetter> deadLetters;

  DemoReaders(MillraceConfig config) {
    completions =
        new RecordReader<>(
            config, config.get(MillraceOptions.TOPICS_COMPLETIONS), Completion.class, true);
    chunks =
        new RecordReader<>(
            config, config.get(MillraceOptions.TOPICS_CHUNKS), CompletionChunk.class, true);
    deadLetters =
        new RecordReader<>(
            config, config.get(MillraceOptions.TOPICS_DEAD_LETTERS), DeadLetter.class, true);
  }

  RecordReader<Completion> completions() {
    return completions;
  }

  RecordReader<CompletionChunk> chunks() {
    return chunks;
  }

  RecordReader<DeadLetter> deadLetters() {
    return deadLetters;
  }

  @Override
  public void close() {
    completions.close();
    chunks.close();
    deadLetters.close();
  }
}
