package io.millrace.engine.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedDirectoryTest {

  @TempDir private Path directory;

  @Test
  void shouldAppearUnderItsNameOnlyWhenPublished() throws IOException {
    Path target = directory.resolve("deep/model");
    try (StagedDirectory staged = StagedDirectory.create(target, false)) {
      Files.writeString(staged.path().resolve("a"), "1");
      assertThat(target).doesNotExist();
      staged.publish();
    }
    assertThat(names(target)).containsExactly("a");
    assertThat(names(target.getParent())).containsExactly("model");
  }

  @Test
  void shouldLeaveNothingWhenItIsNotPublished() throws IOException {
    try (StagedDirectory staged = StagedDirectory.create(directory.resolve("model"), false)) {
      Files.writeString(staged.path().resolve("a"), "1");
    }
    assertThat(names(directory)).isEmpty();
  }

  @Test
  void shouldReplaceAModelOnlyWhenForced() throws IOException {
    Path target = Files.createDirectory(directory.resolve("model"));
    Files.writeString(target.resolve(Manifest.FILE), "old");
    refuses(target, false, "already holds a model");
    try (StagedDirectory staged = StagedDirectory.create(target, true)) {
      Files.writeString(staged.path().resolve(Manifest.FILE), "new");
      assertThat(target.resolve(Manifest.FILE)).hasContent("old");
      staged.publish();
    }
    assertThat(target.resolve(Manifest.FILE)).hasContent("new");
    assertThat(names(directory)).containsExactly("model");
  }

  @Test
  void shouldNeverReplaceWhatIsNotAModel() throws IOException {
    Path home = Files.createDirectory(directory.resolve("home"));
    Files.writeString(home.resolve("letters"), "dear");
    refuses(home, true, "no prepared model");
    refuses(home.resolve("letters"), true, "is a file");
  }

  @Test
  void shouldTakeAnEmptyDirectory() throws IOException {
    Path target = Files.createDirectory(directory.resolve("model"));
    try (StagedDirectory staged = StagedDirectory.create(target, false)) {
      Files.writeString(staged.path().resolve("a"), "1");
      staged.publish();
    }
    assertThat(names(target)).containsExactly("a");
  }

  @Test
  void shouldRemoveWhatAKilledBuildLeftButNotALivingOne() throws IOException {
    Path killed = Files.createDirectory(directory.resolve(".model.building-killed"));
    Files.createFile(killed.resolve("building.lock"));
    Files.createFile(killed.resolve("weights.bin"));
    try (StagedDirectory living = StagedDirectory.create(directory.resolve("model"), false);
        StagedDirectory second = StagedDirectory.create(directory.resolve("model"), false)) {
      assertThat(killed).doesNotExist();
      assertThat(living.path()).exists();
      assertThat(second.path()).exists();
    }
  }

  private static void refuses(Path target, boolean force, String message) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> StagedDirectory.create(target, force).close())
        .withMessageContaining(target.toString())
        .withMessageContaining(message);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }
}
