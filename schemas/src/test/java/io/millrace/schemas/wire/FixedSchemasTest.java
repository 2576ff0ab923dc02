package io.millrace.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixedSchemasTest {
  @TempDir Path directory;

  @Test
  void shouldFindAFileByIdAndByFingerprint() throws Exception {
    Files.writeString(directory.resolve("17.avsc"), Message.getClassSchema().toString());
    Files.writeString(directory.resolve("README"), "not a schema");

    FixedSchemas schemas = FixedSchemas.load(directory);

    long fingerprint = SchemaNormalization.parsingFingerprint64(Message.getClassSchema());
    assertThat(schemas.byId(17)).contains(Message.getClassSchema());
    assertThat(schemas.byId(18)).isEmpty();
    assertThat(schemas.byFingerprint(fingerprint)).contains(Message.getClassSchema());
  }

  @Test
  void shouldNameTheFileThatIsWrong() throws Exception {
    Path file = Files.writeString(directory.resolve("message.avsc"), "{}");
    assertThatThrownBy(() -> FixedSchemas.load(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("message.avsc");

    Files.move(file, directory.resolve("1.avsc"));
    assertThatThrownBy(() -> FixedSchemas.load(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.avsc is no Avro schema");
  }
}
