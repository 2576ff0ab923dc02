package io.millrace.schemas;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Tells Avro that it may make instances of our records; it refuses every class that nobody vouched
 * for. Whatever reads records calls {@link #register()} first.
 */
public final class TrustedRecords {
  private static final List<Schema> ROOTS =
      List.of(
          ConversationRequest.getClassSchema(),
          Completion.getClassSchema(),
          CompletionChunk.getClassSchema(),
          DeadLetter.getClassSchema(),
          DocumentRequest.getClassSchema(),
          Summary.getClassSchema());

  private TrustedRecords() {}

  /** May be called again. */
  public static synchronized void register() {
    ClassSecurityPredicate present = ClassSecurityValidator.getGlobal();
    if (present.isTrusted(Summary.class)) {
      return;
    }
    ClassSecurityValidator.Builder ours = ClassSecurityValidator.builder();
    ROOTS.forEach(root -> add(root, ours));
    ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(present, ours.build()));
  }

  private static void add(Schema schema, ClassSecurityValidator.Builder ours) {
    switch (schema.getType()) {
      case RECORD -> {
        ours.add(schema.getFullName());
        schema.getFields().forEach(field -> add(field.schema(), ours));
      }
      case ENUM -> ours.add(schema.getFullName());
      case ARRAY -> add(schema.getElementType(), ours);
      case MAP -> add(schema.getValueType(), ours);
      case UNION -> schema.getTypes().forEach(type -> add(type, ours));
      default -> {
        // A primitive has no class of its own.
      }
    }
  }
}
