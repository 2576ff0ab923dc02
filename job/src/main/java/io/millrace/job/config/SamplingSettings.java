package io.millrace.job.config;

import io.millrace.operators.record.SamplingDefaults;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/** {@code sampling.*}: what a request's sampling takes where it says nothing. */
public final class SamplingSettings {

  public static final ConfigOption<Double> TEMPERATURE =
      ConfigOptions.key("sampling.temperature")
          .doubleType()
          .defaultValue(0.7)
          .withDescription(
              "Default temperature of requests that give none; 0 always takes the most likely token.");

  public static final ConfigOption<Integer> TOP_K =
      ConfigOptions.key("sampling.top-k")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Default for the number of most likely tokens to choose from; 0 is all.");

  public static final ConfigOption<Double> TOP_P =
      ConfigOptions.key("sampling.top-p")
          .doubleType()
          .defaultValue(0.8)
          .withDescription(
              "Default for the probability that the tokens to choose from reach together; 1 is all.");

  public static final ConfigOption<Double> MIN_P =
      ConfigOptions.key("sampling.min-p")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Default for the least probability of a token to choose, as a part of the most likely one's; 0 is off.");

  public static final ConfigOption<Double> REPETITION_PENALTY =
      ConfigOptions.key("sampling.repetition-penalty")
          .doubleType()
          .defaultValue(1.0)
          .withDescription(
              "Default penalty on tokens that the prompt or the answer has already; 1 is off.");

  public static final ConfigOption<Double> PRESENCE_PENALTY =
      ConfigOptions.key("sampling.presence-penalty")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Default amount taken once from the logit of a token that the answer has already; 0 is off.");

  public static final ConfigOption<Double> FREQUENCY_PENALTY =
      ConfigOptions.key("sampling.frequency-penalty")
          .doubleType()
          .defaultValue(0.0)
          .withDescription(
              "Default amount taken from the logit of a token for each time that the answer has it; 0 is off.");

  public static final ConfigOption<Integer> MAX_NEW_TOKENS =
      ConfigOptions.key("sampling.max-new-tokens")
          .intType()
          .defaultValue(512)
          .withDescription("Default for the longest answer, in tokens.");

  public static final ConfigOption<Integer> DRAFT_TOKENS =
      ConfigOptions.key("sampling.draft-tokens")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Default for how many next tokens are guessed from earlier ones and checked in one forward pass: the same answers, sooner where they repeat their prompts. 0 is off, 8 a good value.");

  private SamplingSettings() {}

  static SamplingDefaults ofConversations(ReadableConfig values) {
    return of(values, TEMPERATURE, MAX_NEW_TOKENS, DRAFT_TOKENS);
  }

  /** Documents have some defaults of their own. */
  static SamplingDefaults ofDocuments(ReadableConfig values) {
    return of(values, DocumentSettings.TEMPERATURE, MAX_NEW_TOKENS, DocumentSettings.DRAFT_TOKENS);
  }

  private static SamplingDefaults of(
      ReadableConfig values,
      ConfigOption<Double> temperature,
      ConfigOption<Integer> maxNewTokens,
      ConfigOption<Integer> draftTokens) {
    return new SamplingDefaults(
        values.get(temperature),
        values.get(TOP_K),
        values.get(TOP_P),
        values.get(MIN_P),
        values.get(REPETITION_PENALTY),
        values.get(PRESENCE_PENALTY),
        values.get(FREQUENCY_PENALTY),
        values.get(maxNewTokens),
        values.get(draftTokens));
  }
}
