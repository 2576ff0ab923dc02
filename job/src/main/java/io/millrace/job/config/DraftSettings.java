package io.millrace.job.config;

import io.millrace.engine.schedule.draft.Drafting;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/** {@code engine.draft-*}: how next tokens are guessed from earlier ones. */
public final class DraftSettings {

  public static final ConfigOption<Integer> ROWS =
      ConfigOptions.key("engine.draft-rows")
          .intType()
          .defaultValue(Drafting.STANDARD.rows())
          .withDescription(
              "Tokens are guessed only as long as the running answers and the guesses are at most this many rows of a forward pass: in larger ones a row costs what it saves. 0 turns guessing off for all requests.");

  public static final ConfigOption<Integer> LONGEST_NGRAM =
      ConfigOptions.key("engine.draft-longest-ngram")
          .intType()
          .defaultValue(Drafting.STANDARD.longestNgram())
          .withDescription(
              "How many last tokens are looked for further to the front before fewer are, to guess that the same follows again; at most 8.");

  public static final ConfigOption<Integer> SHORTEST_NGRAM =
      ConfigOptions.key("engine.draft-shortest-ngram")
          .intType()
          .defaultValue(Drafting.STANDARD.shortestNgram())
          .withDescription(
              "How many last tokens must have occurred before for a guess; fewer make more and worse guesses.");

  private DraftSettings() {}

  static void check(ReadableConfig values) {
    SettingChecks.atLeast(0, values, ROWS);
    SettingChecks.atLeast(1, values, SHORTEST_NGRAM);
  }

  static Drafting of(ReadableConfig values) {
    return new Drafting(values.get(ROWS), values.get(LONGEST_NGRAM), values.get(SHORTEST_NGRAM));
  }
}
