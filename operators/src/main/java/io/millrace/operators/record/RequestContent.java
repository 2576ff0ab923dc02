package io.millrace.operators.record;

import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DocumentRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;

/**
 * Tells a request that was sent again from another one that took its id, by a hash of what decides
 * the answer: who asks, how urgently and until when may differ.
 */
public final class RequestContent {
  private static final List<Schema.Field> CONVERSATION =
      fields(
          ConversationRequest.getClassSchema(),
          "kind",
          "text",
          "messages",
          "system",
          "sampling",
          "tools",
          "model",
          "cancel_request_id",
          "context_policy");

  private static final List<Schema.Field> DOCUMENT =
      fields(DocumentRequest.getClassSchema(), "title", "text", "language", "sampling");

  private RequestContent() {}

  public static long hash(ConversationRequest request) {
    return hash(request, CONVERSATION);
  }

  public static long hash(DocumentRequest request) {
    return hash(request, DOCUMENT);
  }

  private static List<Schema.Field> fields(Schema schema, String... names) {
    return Stream.of(names).map(schema::getField).toList();
  }

  private static long hash(IndexedRecord request, List<Schema.Field> fields) {
    MessageDigest digest = Digests.sha256();
    add(digest, request, fields);
    return ByteBuffer.wrap(digest.digest()).getLong();
  }

  // A field with its default counts for nothing: so a hash outlives new fields of the schema.
  private static void add(MessageDigest digest, IndexedRecord record, List<Schema.Field> fields) {
    for (Schema.Field field : fields) {
      Object value = record.get(field.pos());
      if (value == null || isDefault(field, value)) {
        continue;
      }
      add(digest, field.name());
      if (value instanceof IndexedRecord inner) {
        add(digest, inner, inner.getSchema().getFields());
      } else if (value instanceof List<?> items) {
        add(digest, Integer.toString(items.size()));
        for (Object item : items) {
          if (item instanceof IndexedRecord inner) {
            add(digest, inner, inner.getSchema().getFields());
          } else {
            add(digest, item.toString());
          }
        }
      } else {
        add(digest, value.toString());
      }
    }
    add(digest, ".");
  }

  private static boolean isDefault(Schema.Field field, Object value) {
    return field.hasDefaultValue() && value.equals(SpecificData.get().getDefaultValue(field));
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    digest.update(bytes);
  }
}
