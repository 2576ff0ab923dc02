package io.millrace.engine.batching;

import io.millrace.engine.FinishReason;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.PositionLogprobs;
import io.millrace.engine.Timings;
import io.millrace.engine.Usage;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.sample.SeenTokens;
import io.millrace.engine.sample.StopMatcher;
import io.millrace.engine.schedule.Sequence;
import io.millrace.engine.tokenize.StreamingDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on its way: its sequence, its text so far and its listener. */
final class RunningGeneration implements Generation {
  private static final Logger LOG = LoggerFactory.getLogger(RunningGeneration.class);
  private static final double NANOS_PER_MILLI = 1e6;

  private final GenerationRequest request;
  private final GenerationListener listener;
  private final Sequence sequence;
  private final int[] stopIds;
  private final int maxLength;
  private final Consumer<RunningGeneration> canceller;
  private final SeenTokens seen;
  private final AnswerText text;
  private final List<PositionLogprobs> logprobs = new ArrayList<>();
  private final long submitted = System.nanoTime();
  private long started;
  private long firstToken;
  private int pieces;

  RunningGeneration(
      GenerationRequest request,
      GenerationListener listener,
      Sequence sequence,
      StreamingDecoder decoder,
      int[] stopIds,
      int maxLength,
      Consumer<RunningGeneration> canceller) {
    this.request = request;
    this.listener = listener;
    this.sequence = sequence;
    this.stopIds = stopIds;
    this.maxLength = maxLength;
    this.canceller = canceller;
    seen = new SeenTokens(request.sampling(), request.prompt());
    text = new AnswerText(decoder, new StopMatcher(request.sampling().stopStrings()), this::emit);
  }

  @Override
  public void cancel() {
    canceller.accept(this);
  }

  /** Notes that a step is about to compute some of it; true the first time. */
  boolean start() {
    if (started != 0) {
      return false;
    }
    started = System.nanoTime();
    return true;
  }

  /**
   * Takes the next token.
   *
   * @param positionLogprobs null where the request asked for none
   * @return why the generation is over, or null if it goes on
   */
  FinishReason accept(int token, PositionLogprobs positionLogprobs) {
    if (Arrays.binarySearch(stopIds, token) >= 0) {
      return FinishReason.STOP;
    }
    if (firstToken == 0) {
      firstToken = System.nanoTime();
    }
    sequence.append(token);
    seen.add(token);
    if (positionLogprobs != null) {
      logprobs.add(positionLogprobs);
    }
    if (text.append(token)) {
      return FinishReason.STOP;
    }
    boolean full =
        sequence.generatedCount() >= sampling().maxNewTokens() || sequence.length() >= maxLength;
    return full ? FinishReason.LENGTH : null;
  }

  /** Tells the listener how it ended. */
  void finish(FinishReason reason) {
    text.finish();
    GenerationResult result =
        new GenerationResult(
            sequence.generated(),
            text.toString(),
            reason,
            new Usage(
                sequence.promptLength(),
                sequence.cachedTokens(),
                sequence.generatedCount(),
                sequence.draftedTokens(),
                sequence.acceptedTokens()),
            timings(),
            List.copyOf(logprobs));
    tell(() -> listener.onFinished(result));
  }

  void fail(Throwable error) {
    tell(() -> listener.onError(error));
  }

  private Timings timings() {
    long now = System.nanoTime();
    return new Timings(
        ((started == 0 ? now : started) - submitted) / NANOS_PER_MILLI,
        firstToken == 0 ? -1 : (firstToken - submitted) / NANOS_PER_MILLI,
        (now - submitted) / NANOS_PER_MILLI);
  }

  private void emit(String piece) {
    int index = pieces++;
    tell(() -> listener.onText(index, piece));
  }

  /** A listener's failure is its own: neither this generation nor the engine stops for it. */
  private void tell(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException | LinkageError | AssertionError e) {
      LOG.warn("The listener of request {} failed; the generation goes on.", request.id(), e);
    }
  }

  boolean isExpired(long epochMillis) {
    return request.deadlineEpochMillis() != 0 && epochMillis >= request.deadlineEpochMillis();
  }

  String id() {
    return request.id();
  }

  SamplingParameters sampling() {
    return request.sampling();
  }

  Sequence sequence() {
    return sequence;
  }

  SeenTokens seen() {
    return seen;
  }
}
