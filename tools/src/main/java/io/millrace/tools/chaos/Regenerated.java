package io.millrace.tools.chaos;

import io.millrace.schemas.CompletionChunk;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds, in the chunks, the answers that were generated again: proof that a fault hit something.
 */
final class Regenerated {
  private Regenerated() {}

  /** The requests of which a first chunk came again. */
  static Set<String> of(List<CompletionChunk> chunks) {
    Set<String> begun = new TreeSet<>();
    Set<String> again = new TreeSet<>();
    for (CompletionChunk chunk : chunks) {
      if (chunk.getIndex() == 0 && !chunk.getLast() && !begun.add(chunk.getRequestId())) {
        again.add(chunk.getRequestId());
      }
    }
    return again;
  }

  /** Those of them that had not come to their end before: a fault hit them in mid-generation. */
  static Set<String> midway(List<CompletionChunk> chunks) {
    Map<String, Boolean> open = new HashMap<>();
    Set<String> midway = new TreeSet<>();
    for (CompletionChunk chunk : chunks) {
      boolean first = chunk.getIndex() == 0;
      if (Boolean.TRUE.equals(open.put(chunk.getRequestId(), !chunk.getLast())) && first) {
        midway.add(chunk.getRequestId());
      }
    }
    return midway;
  }
}
