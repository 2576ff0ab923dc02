package io.millrace.operators.conversation;

import io.millrace.engine.Engine;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.model.Manifest;
import io.millrace.schemas.Completion;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.FinishReason;
import io.millrace.schemas.PositionLogprobs;
import io.millrace.schemas.Timings;
import io.millrace.schemas.TokenLogprob;
import io.millrace.schemas.Usage;
import java.util.List;
import java.util.function.Supplier;

/** Words completions, from the engine's results and without them. */
final class Completions {
  private final Supplier<Engine> engine;

  /**
   * @param engine the present one
   */
  Completions(Supplier<Engine> engine) {
    this.engine = engine;
  }

  /** Whether an answer went to its own end, so that the conversation may build on it. */
  static boolean isWhole(GenerationResult result) {
    return switch (result.finishReason()) {
      case STOP, LENGTH -> true;
      case DEADLINE, CANCELLED -> false;
    };
  }

  /** The answer to a turn. */
  Completion ofAnswer(
      ConversationRequest request, int turn, int droppedTurns, GenerationResult result) {
    return start(request)
        .setTurn(turn)
        .setText(result.text())
        .setFinishReason(FinishReason.valueOf(result.finishReason().name()))
        .setUsage(
            new Usage(
                result.usage().promptTokens(),
                result.usage().cachedTokens(),
                result.usage().completionTokens(),
                droppedTurns,
                result.usage().draftedTokens(),
                result.usage().acceptedTokens()))
        .setTimings(
            new Timings(
                result.timings().queuedMillis(),
                result.timings().firstTokenMillis(),
                result.timings().totalMillis()))
        .setLogprobs(result.logprobs().stream().map(Completions::position).toList())
        .build();
  }

  /** The end of a request that the engine never saw. */
  Completion ofNoAnswer(ConversationRequest request, int turn, FinishReason reason) {
    return start(request)
        .setTurn(turn)
        .setText("")
        .setFinishReason(reason)
        .setUsage(new Usage(0, 0, 0, 0, 0, 0))
        .setTimings(new Timings(0.0, -1.0, 0.0))
        .build();
  }

  private Completion.Builder start(ConversationRequest request) {
    Manifest model = engine.get().manifest();
    return Completion.newBuilder()
        .setRequestId(request.getRequestId())
        .setConversationId(request.getConversationId())
        .setModel(model.name())
        .setModelFingerprint(model.fingerprint())
        .setMetadata(request.getMetadata());
  }

  private static PositionLogprobs position(io.millrace.engine.PositionLogprobs from) {
    return new PositionLogprobs(token(from.chosen()), tokens(from.top()), tokens(from.named()));
  }

  private static List<TokenLogprob> tokens(List<io.millrace.engine.TokenLogprob> from) {
    return from.stream().map(Completions::token).toList();
  }

  private static TokenLogprob token(io.millrace.engine.TokenLogprob from) {
    return new TokenLogprob(from.id(), from.logprob());
  }
}
