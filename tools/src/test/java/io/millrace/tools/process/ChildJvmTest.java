package io.millrace.tools.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
public class ChildJvmTest {
  @TempDir private Path directory;

  /** Writes its process id into a file and stays. */
  public static final class Sleeper {
    public static void main(String[] arguments) throws Exception {
      writePid(Path.of(arguments[0]));
      Thread.sleep(Duration.ofMinutes(10).toMillis());
    }
  }

  /** Has a child of its own. */
  public static final class Parent {
    public static void main(String[] arguments) throws Exception {
      Path directory = Path.of(arguments[0]);
      sleeper(directory, "grandchild");
      writePid(directory.resolve("child"));
      Thread.sleep(Duration.ofMinutes(10).toMillis());
    }
  }

  /** In one step: a reader sees all of it or nothing. */
  private static void writePid(Path file) throws Exception {
    Path part = Path.of(file + ".part");
    Files.writeString(part, Long.toString(ProcessHandle.current().pid()));
    Files.move(part, file);
  }

  private static ChildJvm sleeper(Path directory, String name) {
    return ChildJvm.start(
        name,
        directory,
        List.of("-Xmx32m"),
        Sleeper.class.getName(),
        List.of(directory.resolve(name).toString()));
  }

  private ProcessHandle process(String name) throws Exception {
    Path file = directory.resolve(name);
    await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file));
    return ProcessHandle.of(Long.parseLong(Files.readString(file))).orElseThrow();
  }

  @Test
  void shouldRunUntilItIsKilled() throws Exception {
    ChildJvm child = sleeper(directory, "child");
    ProcessHandle process = process("child");
    assertThat(child.isAlive()).isTrue();
    child.kill();
    assertThat(child.isAlive()).isFalse();
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void shouldEndWithItsParentHoweverThatEnds() throws Exception {
    ChildJvm parent =
        ChildJvm.start(
            "parent",
            directory,
            List.of("-Xmx64m"),
            Parent.class.getName(),
            List.of(directory.toString()));
    process("child");
    ProcessHandle grandchild = process("grandchild");
    assertThat(grandchild.isAlive()).isTrue();
    parent.kill();
    await().atMost(Duration.ofSeconds(30)).until(() -> !grandchild.isAlive());
  }
}
