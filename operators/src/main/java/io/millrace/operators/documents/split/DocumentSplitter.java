package io.millrace.operators.documents.split;

import io.millrace.operators.documents.split.TextPieces.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Splits a document into chunks that fit their prompts exactly, at the borders of blocks
 * (paragraphs, code, tables) where these fit, else of sentences. Every character is in at least one
 * chunk.
 */
public final class DocumentSplitter {
  /** A text may be some tokens longer between its neighbours than by itself. */
  private static final int SLACK = 8;

  private static final int MIN_LIMIT = 4 * SLACK;

  private final ToIntFunction<String> counter;
  private final int limit;
  private final int overlap;

  /**
   * @param counter tokens of a text as it will stand in its prompt; {@link Integer#MAX_VALUE} where
   *     it cannot be encoded at once
   * @param limit the longest chunk, in tokens
   * @param overlap tokens of whole sentences at the end of a chunk that the next begins with again
   */
  public DocumentSplitter(ToIntFunction<String> counter, int limit, int overlap) {
    if (limit < MIN_LIMIT) {
      throw new IllegalArgumentException(
          "a chunk would have room for "
              + limit
              + " tokens, it needs "
              + MIN_LIMIT
              + ": raise documents.chunk-tokens or engine.max-sequence-length, or lower"
              + " documents.max-new-tokens");
    }
    if (overlap < 0 || overlap > limit / 2) {
      throw new IllegalArgumentException(
          "documents.overlap-tokens is "
              + overlap
              + ", it must be 0 to half a chunk, which is "
              + limit / 2);
    }
    this.counter = counter;
    this.limit = limit;
    this.overlap = overlap;
  }

  /** The chunks in order; none for an empty text. */
  public List<TextSpan> split(String text) {
    List<Piece> pieces = TextPieces.of(text, limit - SLACK, counter);
    List<TextSpan> chunks = new ArrayList<>();
    int next = 0;
    while (next < pieces.size()) {
      int first = next == 0 ? 0 : overlapStart(pieces, next);
      int end = fill(pieces, first, next);
      while (counter.applyAsInt(text.substring(start(pieces, first), end(pieces, end))) > limit) {
        if (end > next + 1) {
          end--;
        } else if (first < next) {
          first++;
        } else {
          throw new IllegalArgumentException(
              "characters %d to %d alone have more than %d tokens"
                  .formatted(start(pieces, first), end(pieces, end), limit));
        }
      }
      chunks.add(new TextSpan(start(pieces, first), end(pieces, end)));
      next = end;
    }
    return chunks;
  }

  /** The first piece of the overlap that stands before a chunk's own first piece. */
  private int overlapStart(List<Piece> pieces, int next) {
    int room = Math.min(overlap, limit - SLACK - pieces.get(next).tokens());
    int first = next;
    while (first > 0 && pieces.get(first - 1).tokens() <= room) {
      first--;
      room -= pieces.get(first).tokens();
    }
    return first;
  }

  /** The piece after the last that fits. A block that would fit a chunk of its own is not begun. */
  private int fill(List<Piece> pieces, int first, int next) {
    int room = limit - SLACK;
    for (int i = first; i < next; i++) {
      room -= pieces.get(i).tokens();
    }
    int end = next;
    while (end < pieces.size()) {
      int blockEnd = end;
      long block = 0;
      while (blockEnd < pieces.size() && pieces.get(blockEnd).block() == pieces.get(end).block()) {
        block += pieces.get(blockEnd++).tokens();
        if (block > limit) {
          break; // longer than any chunk: how much longer does not matter
        }
      }
      boolean whole = block <= room;
      if (!whole && block <= limit - SLACK && end > next) {
        break;
      }
      if (whole) {
        room -= (int) block;
        end = blockEnd;
      } else {
        while (end < blockEnd && pieces.get(end).tokens() <= room) {
          room -= pieces.get(end++).tokens();
        }
        break;
      }
    }
    return Math.max(end, next + 1);
  }

  private static int start(List<Piece> pieces, int first) {
    return pieces.get(first).start();
  }

  private static int end(List<Piece> pieces, int end) {
    return pieces.get(end - 1).end();
  }
}
