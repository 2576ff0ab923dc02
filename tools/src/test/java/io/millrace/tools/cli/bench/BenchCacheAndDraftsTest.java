package io.millrace.tools.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Precision;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.prepare.CheckpointConverter;
import io.millrace.tools.cli.MillraceCli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace bench prefix}, {@code drafts} and {@code tenants} on a tiny model. */
class BenchCacheAndDraftsTest {
  private static final Path CHECKPOINT =
      Path.of("..", "engine", "src", "test", "resources", "golden", "qwen2");

  @TempDir private static Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void prepareModel() throws IOException {
    CheckpointConverter.convert(CHECKPOINT, Precision.INT8, directory, ProgressListener.NONE);
  }

  @Test
  void shouldShowWhatTheCacheSaves() {
    assertThat(run("prefix", "--history", "300", "--conversations", "5", "--system", "100"))
        .as("%s", err)
        .isZero();
    assertThat(out.toString())
        .containsPattern("First turn, 300 tokens: \\d+ ms. Second turn, \\d\\d tokens computed")
        // 96 of the 100 are whole blocks, 36 are left to each.
        .contains("5 conversations with one system prompt of 100 tokens: 276 of 660 prompt tokens");
  }

  @Test
  void shouldCompareTheSameAnswers() {
    assertThat(run("drafts", "--new-tokens", "40", "--context", "50", "--runs", "1"))
        .as("%s", err)
        .isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1).trim()).startsWith("0 ").contains(" 40 ");
    assertThat(lines.get(2).trim()).startsWith("8 ").contains(" 40 ");
  }

  @Test
  void shouldCompareAFloodedTenantWithOneThatIsAlone() {
    assertThat(
            run(
                "tenants",
                "--prompt",
                "20,40",
                "--requests",
                "3",
                "--flood",
                "5",
                "--running",
                "2"))
        .as("%s", err)
        .isZero();
    String line =
        "First token of a prompt of %d tokens: [\\d.]+ ms alone, [\\d.]+ ms beside the flood";
    assertThat(out.toString())
        .containsPattern(line.formatted(20))
        .containsPattern(line.formatted(40));
  }

  private int run(String command, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("bench", command, "--model", directory.toString()));
    arguments.addAll(Stream.of(more).toList());
    return MillraceCli.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }
}
