package io.millrace.job.config;

import io.millrace.operators.documents.DocumentOptions;
import io.millrace.operators.documents.SummaryStrategy;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

/** {@code documents.*} but for the prompts: how documents are split, summarised and held. */
public final class DocumentSettings {

  public static final ConfigOption<Boolean> ENABLED =
      ConfigOptions.key("documents.enabled")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether the job reads the documents topic and summarises what is there.");

  public static final ConfigOption<SummaryStrategy> STRATEGY =
      ConfigOptions.key("documents.strategy")
          .enumType(SummaryStrategy.class)
          .defaultValue(SummaryStrategy.MAP_REDUCE)
          .withDescription(
              "MAP_REDUCE summarises the parts of a document by themselves and then their summaries in groups, until one remains. REFINE takes part after part into one summary: slower, since each waits for the one before.");

  public static final ConfigOption<String> CHUNK_TOKENS =
      ConfigOptions.key("documents.chunk-tokens")
          .stringType()
          .defaultValue("auto")
          .withDescription(
              "Longest part of a document that a prompt reads, and longest text of partial summaries that one combines, in tokens; 0 for all that fits the context beside prompt and answer. auto takes what the prepared model names (400 for the built-in one); otherwise a document that fits is read whole and a longer one in parts of up to 8192.");

  public static final ConfigOption<Integer> OVERLAP_TOKENS =
      ConfigOptions.key("documents.overlap-tokens")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Whole sentences of up to this many tokens at the end of a part that the next part begins with again; at most half a part.");

  public static final ConfigOption<String> MAX_NEW_TOKENS =
      ConfigOptions.key("documents.max-new-tokens")
          .stringType()
          .defaultValue("auto")
          .withDescription(
              "Longest partial summary and longest summary, in tokens, where a document's sampling says nothing. Two must fit one prompt. auto takes what the prepared model names (180 for the built-in one), otherwise an eighth of the context, at most 1024, and less where two would not fit documents.chunk-tokens.");

  public static final ConfigOption<Double> TEMPERATURE =
      ConfigOptions.key("documents.temperature")
          .doubleType()
          .defaultValue(0.0)
          .withDescription("Temperature of summaries where a document's sampling says nothing.");

  public static final ConfigOption<Integer> DRAFT_TOKENS =
      ConfigOptions.key("documents.draft-tokens")
          .intType()
          .defaultValue(8)
          .withDescription(
              "sampling.draft-tokens for summaries, which repeat much of what they read: the same summaries, sooner.");

  public static final ConfigOption<Integer> PRIORITY =
      ConfigOptions.key("documents.priority")
          .intType()
          .defaultValue(-100)
          .withDescription(
              "Is added to the priority of each document: below 0, conversations start first.");

  public static final ConfigOption<Integer> MAX_BUFFERED =
      ConfigOptions.key("documents.max-buffered")
          .intType()
          .defaultValue(32)
          .withDescription(
              "Documents held by one parallel operator; at so many the source stops reading until there is room.");

  public static final ConfigOption<MemorySize> MAX_BUFFERED_SIZE =
      ConfigOptions.key("documents.max-buffered-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(64))
          .withDescription(
              "Size of these documents' records together, or of what comes from files, of the texts; the source stops reading at whichever bound is reached first. What is under way by then is still taken in.");

  public static final ConfigOption<Duration> REMEMBERED_FOR =
      ConfigOptions.key("documents.remembered-for")
          .durationType()
          .defaultValue(Duration.ofHours(24))
          .withDescription(
              "A document that comes again with the same content so long after its summary is ignored.");

  private DocumentSettings() {}

  /**
   * How the document operator works.
   *
   * @throws IllegalArgumentException if a value cannot work
   */
  static DocumentOptions of(ReadableConfig values) {
    return new DocumentOptions(
        values.get(STRATEGY),
        sizeOrAuto(values, CHUNK_TOKENS),
        values.get(OVERLAP_TOKENS),
        sizeOrAuto(values, MAX_NEW_TOKENS),
        values.get(MAX_BUFFERED),
        values.get(MAX_BUFFERED_SIZE).getBytes(),
        values.get(REMEMBERED_FOR),
        values.get(RetrySettings.ATTEMPTS),
        values.get(RetrySettings.BACKOFF),
        values.get(PRIORITY),
        SamplingSettings.ofDocuments(values),
        SummaryPromptSettings.of(values));
  }

  private static int sizeOrAuto(ReadableConfig values, ConfigOption<String> option) {
    String value = values.get(option).strip();
    if (value.equals("auto")) {
      return DocumentOptions.AUTO;
    }
    if (!value.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(
          option.key() + " is " + value + ", it must be auto or a number of tokens");
    }
    return Integer.parseInt(value);
  }
}
