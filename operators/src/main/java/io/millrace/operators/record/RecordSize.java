package io.millrace.operators.record;

import io.millrace.schemas.Completion;
import io.millrace.schemas.Summary;
import io.millrace.schemas.wire.WireEncoder;

/**
 * How long records may be. Kafka's producer and its topics refuse more than 1 MiB unless told
 * otherwise, and a record that the sink cannot write would fail the job again after every restart.
 *
 * <p>What is read counts by key and value: of its headers only the trace context goes on. What is
 * written counts with key, headers and Kafka's own bytes, as producers count it.
 */
public final class RecordSize {
  /** What producers and topics take by default. */
  public static final int KAFKA_DEFAULT = 1 << 20;

  /** What a dead letter is longer than the record that it holds, at most. */
  public static final int DEAD_LETTER_EXTRA = 64 << 10;

  /** Longest record read whose dead letter Kafka takes by default. */
  public static final int DEFAULT_MAX_REQUEST = KAFKA_DEFAULT - DEAD_LETTER_EXTRA;

  /** Longest completion or summary; the rest is for the record's key, headers and Kafka's own. */
  public static final int MAX_ANSWER = KAFKA_DEFAULT - (4 << 10);

  /**
   * Longest key that a dead letter's record takes from the record in it, in bytes. The dead letter
   * holds that key already: twice, a long one would not fit.
   */
  public static final int MAX_DEAD_LETTER_KEY = 16 << 10;

  /** An id and a logarithm, as Avro writes them, are never longer. */
  private static final int LOGPROB_BYTES = 9;

  private static final int UTF8_BYTES = 3;

  private RecordSize() {}

  /**
   * Length of a record that is read.
   *
   * @param key null where it has none
   * @param value null where it has none
   */
  public static long read(byte[] key, byte[] value) {
    return (key == null ? 0L : key.length) + (value == null ? 0L : value.length);
  }

  /**
   * Longest record that a job writes, all told: the dead letter of the longest that it reads.
   *
   * @param maxRead longest record read, its key included
   */
  public static int maxWritten(int maxRead) {
    return Math.max(KAFKA_DEFAULT, maxRead + DEAD_LETTER_EXTRA);
  }

  public static int of(Summary summary) {
    return WireEncoder.of(Summary.class).encode(summary).length;
  }

  /** The length of a completion, or where that is surely allowed, something not below it. */
  public static int of(Completion completion) {
    long text = completion.getText().length() + 4L * RequestValidator.MAX_ID_LENGTH;
    long logprobs = 0;
    for (var position : completion.getLogprobs()) {
      // The chosen token, and the counts and ends of two lists.
      logprobs += 2 + position.getTop().size() + position.getNamed().size();
    }
    long bound =
        UTF8_BYTES * text + LOGPROB_BYTES * logprobs + 2 * RequestValidator.MAX_METADATA_BYTES;
    return bound <= MAX_ANSWER
        ? (int) bound
        : WireEncoder.of(Completion.class).encode(completion).length;
  }
}
