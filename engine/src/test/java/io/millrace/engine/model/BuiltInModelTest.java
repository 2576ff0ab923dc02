package io.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.prepare.CheckpointConverter;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** models/millrace-tiny is committed twice, as a checkpoint and prepared: the two must agree. */
class BuiltInModelTest {

  private static final Path HOME = Path.of("..", "models", "millrace-tiny");

  @TempDir private Path directory;

  @Test
  void shouldBeThePreparedFormOfItsCheckpoint() throws IOException {
    PreparedModel committed = PreparedModel.open(HOME.resolve("int8"));
    committed.verify(ProgressListener.NONE);
    Path out = directory.resolve("int8");
    CheckpointConverter.convert(
        HOME.resolve("checkpoint"), Precision.INT8, out, ProgressListener.NONE);
    for (String file : new String[] {Manifest.FILE, Manifest.WEIGHTS_FILE, "tokenizer.tiktoken"}) {
      assertThat(out.resolve(file))
          .as("run ./millrace model build --force for models/millrace-tiny")
          .hasSameBinaryContentAs(HOME.resolve("int8").resolve(file));
    }
  }
}
