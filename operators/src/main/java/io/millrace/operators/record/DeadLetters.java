package io.millrace.operators.record;

import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Makes the dead letter of a record. */
public final class DeadLetters {
  /** An error may quote what libraries say, and they quote anything. */
  private static final int MAX_ERROR_LENGTH = 4000;

  private DeadLetters() {}

  public static Traced<DeadLetter> of(SourceRecord source, DeadLetterStage stage, String error) {
    ConversationRequest request = source.request();
    return of(
        source.origin(),
        request == null ? null : request.getRequestId(),
        request == null ? null : request.getConversationId(),
        stage,
        error);
  }

  /**
   * @param requestId null where it is not known
   * @param conversationId null where it is not known or there is none
   */
  public static Traced<DeadLetter> of(
      RecordOrigin origin,
      String requestId,
      String conversationId,
      DeadLetterStage stage,
      String error) {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setStage(stage)
            .setError(SafeText.text(error, MAX_ERROR_LENGTH))
            .setRequestId(id(requestId))
            .setConversationId(id(conversationId))
            .setOriginal(wrap(origin.value()))
            .setOriginalKey(wrap(origin.key()))
            .setTopic(origin.topic())
            .setPartition(origin.partition())
            .setOffset(origin.offset())
            .build();
    return new Traced<>(letter, origin.traceparent());
  }

  /**
   * The key of a dead letter's record: its conversation, or where that is not known the original's
   * key, or the SHA-256 of one that is too long. So what had one key stays in one partition.
   *
   * @return null where there was no key
   */
  public static byte[] key(DeadLetter letter) {
    if (letter.getConversationId() != null) {
      return letter.getConversationId().getBytes(StandardCharsets.UTF_8);
    }
    ByteBuffer original = letter.getOriginalKey();
    if (original == null) {
      return null;
    }
    if (original.remaining() > RecordSize.MAX_DEAD_LETTER_KEY) {
      return LeftOut.sha256(original).getBytes(StandardCharsets.US_ASCII);
    }
    byte[] key = new byte[original.remaining()];
    original.duplicate().get(key);
    return key;
  }

  /**
   * A dead letter without the original's bytes, of which it tells length and hash: for one that no
   * record has room for, as where a job resumes with a lower source.max-request-size.
   */
  public static DeadLetter withoutBytes(DeadLetter letter) {
    String note =
        " (left out, as no record has room for them: "
            + LeftOut.part("original_key", letter.getOriginalKey())
            + ", "
            + LeftOut.part("original", letter.getOriginal())
            + ": raise source.max-request-size)";
    return DeadLetter.newBuilder(letter)
        .setError(SafeText.text(letter.getError(), MAX_ERROR_LENGTH - note.length()) + note)
        .setOriginal(null)
        .setOriginalKey(null)
        .build();
  }

  private static String id(String id) {
    return id == null || id.length() > RequestValidator.MAX_ID_LENGTH ? null : id;
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }
}
