package io.millrace.tools.demo;

import io.millrace.engine.EngineStats;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What has been sent and what has come back. */
final class Scoreboard {

  private final Map<String, Turn> open = new LinkedHashMap<>();
  private final Map<String, Integer> lastChunk = new HashMap<>();
  private final int sent;
  private int completions;
  private int deadLetters;
  private int expected;
  private int right;
  private int chunks;
  private long promptTokens;
  private long cachedTokens;
  private long laterTurnsWithoutCache;
  private long firstTokenNanos;
  private long lastTokenNanos;
  private long generatedTokens;
  private long firstGenerated;

  Scoreboard(List<Turn> turns) {
    turns.forEach(turn -> open.put(turn.id(), turn));
    sent = turns.size();
    if (open.size() < sent) {
      throw new IllegalArgumentException("two examples have the same request_id");
    }
  }

  /** Counts an answer; empty for one that nobody waits for. */
  Optional<Turn> completed(Completion completion) {
    Turn turn = open.remove(completion.getRequestId());
    if (turn == null) {
      return Optional.empty();
    }
    completions++;
    promptTokens += completion.getUsage().getPromptTokens();
    cachedTokens += completion.getUsage().getCachedTokens();
    if (turn.number() > 1 && completion.getUsage().getCachedTokens() == 0) {
      laterTurnsWithoutCache++;
    }
    turn.isRight(completion.getText())
        .ifPresent(
            isRight -> {
              expected++;
              right += isRight ? 1 : 0;
            });
    return Optional.of(turn);
  }

  /** Whether this chunk is new: after a restart chunks are sent again, with the same text. */
  boolean isNew(CompletionChunk chunk) {
    int last = lastChunk.getOrDefault(chunk.getRequestId(), -1);
    if (chunk.getIndex() <= last) {
      return false;
    }
    lastChunk.put(chunk.getRequestId(), chunk.getIndex());
    chunks++;
    return true;
  }

  /** Counts a dead letter; the request behind it gets no completion. */
  void deadLettered(DeadLetter letter) {
    deadLetters++;
    if (letter.getRequestId() != null) {
      open.remove(letter.getRequestId());
    }
  }

  /** Whether every turn has ended and the malformed record has come back. */
  boolean isFinished() {
    return open.isEmpty() && deadLetters > 0;
  }

  /** Follows the engine's own count of tokens: completions arrive with checkpoints only. */
  void observe(EngineStats stats, long nanos) {
    if (stats.generatedTokens() == generatedTokens) {
      return;
    }
    if (firstTokenNanos == 0) {
      firstTokenNanos = nanos;
      firstGenerated = stats.generatedTokens();
    }
    generatedTokens = stats.generatedTokens();
    lastTokenNanos = nanos;
  }

  double tokensPerSecond() {
    long nanos = lastTokenNanos - firstTokenNanos;
    return nanos == 0 ? 0 : (generatedTokens - firstGenerated) * 1e9 / nanos;
  }

  int cachedPercent() {
    return promptTokens == 0 ? 0 : Math.round(100f * cachedTokens / promptTokens);
  }

  int sent() {
    return sent;
  }

  int completions() {
    return completions;
  }

  int deadLetters() {
    return deadLetters;
  }

  int expected() {
    return expected;
  }

  int right() {
    return right;
  }

  int chunks() {
    return chunks;
  }

  long promptTokens() {
    return promptTokens;
  }

  long cachedTokens() {
    return cachedTokens;
  }

  /** Second and further turns whose history was computed again. */
  long laterTurnsWithoutCache() {
    return laterTurnsWithoutCache;
  }

  long generatedTokens() {
    return generatedTokens;
  }

  /** Turns without an answer, in the order in which they were sent. */
  List<Turn> open() {
    return List.copyOf(open.values());
  }
}
