package io.millrace.tools.demo;

import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.TopicSettings;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.tools.kafka.TopicReader;

/** Readers of everything that the job writes. */
final class DemoReaders implements AutoCloseable {

  private final TopicReader<Completion> completions;
  private final TopicReader<CompletionChunk> chunks;
  private final TopicReader<DeadLetter> deadLetters;

  DemoReaders(MillraceConfig config) {
    completions =
        new TopicReader<>(config, config.get(TopicSettings.COMPLETIONS), Completion.class, true);
    chunks =
        new TopicReader<>(config, config.get(TopicSettings.CHUNKS), CompletionChunk.class, true);
    deadLetters =
        new TopicReader<>(config, config.get(TopicSettings.DEAD_LETTERS), DeadLetter.class, true);
  }

  TopicReader<Completion> completions() {
    return completions;
  }

  TopicReader<CompletionChunk> chunks() {
    return chunks;
  }

  TopicReader<DeadLetter> deadLetters() {
    return deadLetters;
  }

  @Override
  public void close() {
    completions.close();
    chunks.close();
    deadLetters.close();
  }
}
