package io.millrace.operators.record;

import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.sample.SamplingParametersBuilder;
import io.millrace.schemas.SamplingOptions;
import java.io.Serializable;
import java.util.function.Consumer;

/**
 * What a request's sampling takes where it says nothing: {@code sampling.*} of the settings.
 *
 * @param draftTokens guess up to so many tokens ahead. It changes no answer; where answers repeat
 *     their prompts, 8 is a good value
 */
public record SamplingDefaults(
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    double presencePenalty,
    double frequencyPenalty,
    int maxNewTokens,
    int draftTokens)
    implements Serializable {

  public SamplingDefaults {
    start(temperature, topK, topP, minP, repetitionPenalty, presencePenalty, frequencyPenalty)
        .maxNewTokens(maxNewTokens)
        .draftTokens(draftTokens)
        .build();
  }

  /** The usual values of chat models: some variety, no penalties, answers of up to 512 tokens. */
  public static SamplingDefaults standard() {
    return new SamplingDefaults(0.7, 0, 0.8, 0, 1, 0, 0, 512, 0);
  }

  /** These with another longest answer, in tokens. */
  public SamplingDefaults withMaxNewTokens(int tokens) {
    return new SamplingDefaults(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        tokens,
        draftTokens);
  }

  /**
   * The parameters of one request.
   *
   * @param options what the request says; null takes all from here
   * @param seed the seed where the request has none
   * @throws IllegalArgumentException if a value is outside its range; the message names the field
   */
  public SamplingParameters resolve(SamplingOptions options, long seed) {
    SamplingParametersBuilder builder =
        start(temperature, topK, topP, minP, repetitionPenalty, presencePenalty, frequencyPenalty)
            .maxNewTokens(maxNewTokens)
            .draftTokens(draftTokens)
            .seed(seed);
    if (options == null) {
      return builder.build();
    }
    ifSet(options.getTemperature(), builder::temperature);
    ifSet(options.getTopK(), builder::topK);
    ifSet(options.getTopP(), builder::topP);
    ifSet(options.getMinP(), builder::minP);
    ifSet(options.getRepetitionPenalty(), builder::repetitionPenalty);
    ifSet(options.getPresencePenalty(), builder::presencePenalty);
    ifSet(options.getFrequencyPenalty(), builder::frequencyPenalty);
    ifSet(options.getMaxNewTokens(), builder::maxNewTokens);
    ifSet(options.getSeed(), builder::seed);
    ifSet(options.getDraftTokens(), builder::draftTokens);
    return builder
        .stopStrings(options.getStop())
        .stopIds(options.getStopIds())
        .ignoreEos(options.getIgnoreEos())
        .logprobs(options.getLogprobs())
        .topLogprobs(options.getTopLogprobs())
        .logprobTokenIds(options.getLogprobTokenIds())
        .build();
  }

  private static SamplingParametersBuilder start(
      double temperature,
      int topK,
      double topP,
      double minP,
      double repetitionPenalty,
      double presencePenalty,
      double frequencyPenalty) {
    return SamplingParameters.builder()
        .temperature(temperature)
        .topK(topK)
        .topP(topP)
        .minP(minP)
        .repetitionPenalty(repetitionPenalty)
        .presencePenalty(presencePenalty)
        .frequencyPenalty(frequencyPenalty);
  }

  private static <T> void ifSet(T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }
}
