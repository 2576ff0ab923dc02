package io.millrace.tools.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tools.cli.MillraceCli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace bench documents} with the built-in model. */
@Timeout(300)
class BenchDocumentsCommandITCase {
  private static final Path MODEL = Path.of("../models/millrace-tiny/int8");
  private static final String SENTENCE =
      "The new bridge in Marlow was finished in May. It cost 4 million crowns.\n\n";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  @Test
  void shouldGiveTheEngineTheSamePromptsAsTheJob() throws Exception {
    Files.writeString(directory.resolve("a.txt"), SENTENCE.repeat(30));
    Files.writeString(directory.resolve("b.txt"), SENTENCE);
    int exit =
        MillraceCli.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(
                "bench",
                "documents",
                directory.toString(),
                "--model",
                MODEL.toString(),
                "--runs",
                "1",
                "--set",
                "documents.max-new-tokens=32");
    assertThat(exit).as("%s", err).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(11);
    for (int way = 0; way < 2; way++) {
      String drafts = List.of("0", "8").get(way);
      List<String> rows = lines.subList(1 + 5 * way, 6 + 5 * way);
      String[] engine = rows.get(1).strip().split(" +");
      // Prompts, and tokens of prompts and answers.
      String work = " +%s +%s +%s ".formatted(engine[2], engine[3], engine[4]);
      assertThat(rows.get(0)).containsPattern("^ *" + drafts + " +at once" + work);
      assertThat(rows.get(1)).containsPattern("^ *" + drafts + " +engine" + work);
      assertThat(rows.get(2)).containsPattern("^ *" + drafts + " +job" + work);
      assertThat(Integer.parseInt(engine[2])).isGreaterThan(3);
      assertThat(rows.get(3)).containsPattern("the job keeps \\d+\\.\\d % of");
      assertThat(rows.get(4)).containsPattern("\\d+\\.\\d documents/min");
    }
  }
}
