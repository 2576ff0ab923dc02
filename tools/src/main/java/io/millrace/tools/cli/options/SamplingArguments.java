package io.millrace.tools.cli.options;

import io.millrace.engine.sample.SamplingParameters;
import java.util.List;
import picocli.CommandLine.Option;

/** How answers are sampled. The ranges are checked by the builder, which names the field. */
public final class SamplingArguments {
  private static final int DEFAULT_NEW_TOKENS = 512;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description =
          "Generate at most this many tokens. Default 512, or half the context if that is less.")
  private Integer maxNewTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0.7",
      description = "0 is greedy. Default 0.7.")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "0",
      description = "Keep the K most likely tokens; 0, the default, keeps all.")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "0.8",
      description = "Keep the smallest set whose probability reaches P. Default 0.8.")
  private double topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      defaultValue = "0",
      description = "Drop tokens less likely than P times the most likely one. Default 0.")
  private double minP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "R",
      defaultValue = "1",
      description = "Penalty on tokens seen before; 1, the default, is off.")
  private double repetitionPenalty;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "The same seed gives the same answer. Default 0.")
  private long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End before this text; may be given several times.")
  private List<String> stop = List.of();

  @Option(names = "--ignore-eos", description = "Go on past the model's own end of an answer.")
  private boolean ignoreEos;

  @Option(
      names = "--top-logprobs",
      paramLabel = "N",
      defaultValue = "0",
      description = "With --json, report the N most likely tokens at each position.")
  private int topLogprobs;

  @Option(
      names = "--draft-tokens",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Guess up to N tokens ahead from earlier ones: the same answer, sooner where it repeats"
              + " its prompt. 0, the default, is off.")
  private int draftTokens;

  /**
   * @param maxSequenceLength prompt and answer together
   */
  public SamplingParameters parameters(int maxSequenceLength) {
    int fitting = Math.min(DEFAULT_NEW_TOKENS, maxSequenceLength / 2);
    return SamplingParameters.builder()
        .maxNewTokens(maxNewTokens == null ? fitting : maxNewTokens)
        .temperature(temperature)
        .topK(topK)
        .topP(topP)
        .minP(minP)
        .repetitionPenalty(repetitionPenalty)
        .seed(seed)
        .stopStrings(stop)
        .ignoreEos(ignoreEos)
        .topLogprobs(topLogprobs)
        .draftTokens(draftTokens)
        .build();
  }
}
