package io.millrace.engine.batching;

import io.millrace.engine.FinishReason;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.Timings;
import io.millrace.engine.Usage;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.sample.SeenTokens;
import io.millrace.engine.sample.StopMatcher;
import io.millrace.engine.schedule.Sequence;
import io.millrace.engine.tokenize.StreamingDecoder;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on its way: its sequence, its text so far and its listener. */
final class RunningGeneration {
  private static final Logger LOG = LoggerFactory.getLogger(RunningGeneration.class);
  private static final double NANOS_PER_MILLI = 1e6;

  private final GenerationRequest request;
  private final GenerationListener listener;
  private final Sequence sequence;
  private final int[] stopIds;
  private final int maxLength;
  private final GenerationHandle handle;
  private final SeenTokens seen;
  private final AnswerText text;
  private final AnswerLogprobs logprobs;
  private final long submitted = System.nanoTime();
  private long started;
  private long firstToken;
  private int pieces;
  private boolean ended;

  RunningGeneration(
      GenerationRequest request,
      GenerationListener listener,
      Sequence sequence,
      StreamingDecoder decoder,
      int[] stopIds,
      int maxLength,
      GenerationHandle handle) {
    this.request = request;
    this.listener = listener;
    this.sequence = sequence;
    this.stopIds = stopIds;
    this.maxLength = maxLength;
    this.handle = handle;
    logprobs = new AnswerLogprobs(request.sampling());
    seen = new SeenTokens(request.sampling(), request.prompt());
    text = new AnswerText(decoder, new StopMatcher(request.sampling().stopStrings()), this::emit);
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
   * @param row its log-probabilities, null where the request asked for none
   * @return why the generation is over, or null if it goes on
   */
  FinishReason accept(int token, RowLogprobs row) {
    if (Arrays.binarySearch(stopIds, token) >= 0) {
      return FinishReason.STOP;
    }
    if (firstToken == 0) {
      firstToken = System.nanoTime();
    }
    sequence.append(token);
    seen.add(token);
    if (row != null) {
      logprobs.add(token, row);
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
            logprobs.asList());
    end(() -> listener.onFinished(result));
  }

  /** Tells the listener that it failed, unless it has heard of an end. */
  void fail(Throwable error) {
    end(() -> listener.onError(error));
  }

  private void end(Runnable lastEvent) {
    if (!ended) {
      ended = true;
      handle.end();
      tell(lastEvent);
    }
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

  /**
   * A listener's failure is its own: neither this generation nor the engine stops for it. Only what
   * befell the JVM itself is the engine's too.
   */
  private void tell(Runnable event) {
    try {
      event.run();
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
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
