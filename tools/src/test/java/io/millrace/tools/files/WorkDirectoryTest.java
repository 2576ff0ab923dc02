package io.millrace.tools.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
  @TempDir private Path directory;

  @Test
  void shouldLeaveAForeignDirectoryAlone() throws IOException {
    Path work = Files.createDirectory(directory.resolve("out.jsonl.work"));
    Path foreign = Files.writeString(work.resolve("thesis.tex"), "years of work");
    refuses(work);
    Path identity = Files.writeString(work.resolve("identity"), "a keypair of someone");
    refuses(work);
    assertThat(work.toFile().list()).containsExactlyInAnyOrder("thesis.tex", "identity");
    assertThat(foreign).hasContent("years of work");
    assertThat(identity).hasContent("a keypair of someone");
    refuses(Files.writeString(directory.resolve("file.work"), "a file"));
  }

  @Test
  void shouldResumeTheSameWorkAndClearOther() throws IOException {
    Path work = directory.resolve("out.jsonl.work");
    try (WorkDirectory first = WorkDirectory.open(work, "one")) {
      assertThat(first.resumed()).isFalse();
      first.results().create();
      first.results().write("d", "line");
    }
    try (WorkDirectory again = WorkDirectory.open(work, "one")) {
      assertThat(again.resumed()).isTrue();
      assertThat(again.results().has("d")).isTrue();
    }
    try (WorkDirectory other = WorkDirectory.open(work, "two")) {
      assertThat(other.resumed()).isFalse();
      assertThat(other.results().has("d")).isFalse();
      other.delete();
    }
    assertThat(work).doesNotExist();
  }

  @Test
  void shouldKeepWhatSomeonePutsBesideTheWork() throws IOException {
    Path work = directory.resolve("out.jsonl.work");
    try (WorkDirectory first = WorkDirectory.open(work, "one")) {
      Files.writeString(work.resolve("notes"), "mine");
      first.delete();
    }
    assertThat(work.toFile().list()).containsExactly("notes");
  }

  @Test
  void shouldTakeOverWhereARunEndedBeforeItSaidWhatItIs() throws IOException {
    Path work = Files.createDirectory(directory.resolve("out.jsonl.work"));
    Files.createFile(work.resolve("lock"));
    Files.writeString(work.resolve("identity.part"), "wor");
    try (WorkDirectory taken = WorkDirectory.open(work, "one")) {
      assertThat(taken.resumed()).isFalse();
      taken.delete();
    }
    assertThat(work).doesNotExist();
  }

  private static void refuses(Path work) {
    assertThatThrownBy(() -> WorkDirectory.open(work, "one"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(work + " is where this run would keep its work");
  }
}
