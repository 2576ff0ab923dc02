package io.millrace.tools.integration;

import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.FinishReason;
import io.millrace.schemas.SamplingOptions;
import io.millrace.schemas.wire.WireEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A record between two good ones of the same conversation and partition, and how it must end.
 *
 * @param name of the case; also its conversation
 * @param before text of the turn before it
 * @param key the record's key
 * @param value the record's value
 * @param timestamp the record's time; null for now
 * @param headers the record's headers
 * @param end how it ends
 */
record BadInput(
    String name,
    String before,
    byte[] key,
    byte[] value,
    Long timestamp,
    List<Header> headers,
    End end) {
  private static final WireEncoder<ConversationRequest> ENCODER =
      WireEncoder.of(ConversationRequest.class);

  static final String HELLO = "Hello! My name is Ada.";

  /** How a record ends: as a dead letter or as a completion. */
  sealed interface End {}

  /**
   * @param error what the error says, as a regular expression for the whole of it
   * @param keepsBytes whether the original bytes are in it
   */
  record Dead(DeadLetterStage stage, String error, boolean keepsBytes) implements End {}

  /**
   * @param reasons one of which the completion has
   * @param droppedTurns how many turns it says were dropped
   */
  record Answered(Set<FinishReason> reasons, int droppedTurns) implements End {}

  static End dead(DeadLetterStage stage, String error) {
    return new Dead(stage, error, true);
  }

  static End answered() {
    return new Answered(Set.of(FinishReason.STOP, FinishReason.LENGTH), 0);
  }

  /** Bytes that are no request. */
  static BadInput bytes(String name, byte[] value, String error) {
    return new BadInput(
        name, HELLO, utf8(name), value, null, List.of(), dead(DeadLetterStage.DECODE, error));
  }

  /** A request that differs from a good one. */
  static BadInput request(String name, UnaryOperator<ConversationRequest.Builder> change, End end) {
    return new BadInput(name, HELLO, utf8(name), encoded(name, change), null, List.of(), end);
  }

  /** A request whose sampling differs from the defaults. */
  static BadInput sampling(
      String name, UnaryOperator<SamplingOptions.Builder> change, DeadLetterStage stage, String e) {
    SamplingOptions options = change.apply(SamplingOptions.newBuilder()).build();
    return request(name, r -> r.setSampling(options), dead(stage, e));
  }

  BadInput after(String text) {
    return new BadInput(name, text, key, value, timestamp, headers, end);
  }

  BadInput keyed(byte[] otherKey) {
    return new BadInput(name, before, otherKey, value, timestamp, headers, end);
  }

  BadInput at(long otherTimestamp) {
    return new BadInput(name, before, key, value, otherTimestamp, headers, end);
  }

  BadInput ending(End otherEnd) {
    return new BadInput(name, before, key, value, timestamp, headers, otherEnd);
  }

  BadInput with(String header, byte[] content) {
    List<Header> all = new ArrayList<>(headers);
    all.add(new RecordHeader(header, content));
    return new BadInput(name, before, key, value, timestamp, all, end);
  }

  /** A good request of this case's conversation, encoded. */
  static byte[] encoded(String name, UnaryOperator<ConversationRequest.Builder> change) {
    return ENCODER.encode(change.apply(turn(name, "bad", "And who are you?")).build());
  }

  static byte[] encode(ConversationRequest request) {
    return ENCODER.encode(request);
  }

  static ConversationRequest.Builder turn(String conversation, String id, String text) {
    return ConversationRequest.newBuilder()
        .setConversationId(conversation)
        .setRequestId(conversation + "/" + id)
        .setText(text);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return name;
  }
}
