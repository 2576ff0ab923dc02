package io.millrace.tools.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tools.cli.MillraceCli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchSoakCommandTest {
  private static final String MODEL = "../models/millrace-tiny/int8";

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldAnswerAllTurnsAndDrawThem() throws Exception {
    Path csv = directory.resolve("soak.csv");
    Path svg = directory.resolve("soak.svg");
    // So few turns say nothing about growth: any is tolerated.
    int exit =
        run(
            "--model",
            MODEL,
            "--turns",
            "60",
            "--conversations",
            "7",
            "--tolerance",
            "1000",
            "--csv",
            csv.toString(),
            "--svg",
            svg.toString());
    assertThat(exit).as("%s%s", out, err).isZero();
    assertThat(out.toString()).contains("60 turns in ").contains("KV blocks in use: 0");
    assertThat(Files.readAllLines(csv))
        .hasSize(61)
        .last()
        .asString()
        .startsWith("60,")
        .endsWith(",0");
    assertThat(
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(svg.toFile())
                .getElementsByTagName("polyline")
                .getLength())
        .isEqualTo(2);
  }

  @Test
  void shouldSayThatMemoryGrew() throws Exception {
    int exit = run("--model", MODEL, "--turns", "8", "--tolerance", "-1000");
    assertThat(exit).isEqualTo(1);
    assertThat(out.toString()).contains("it grows");
  }

  @Test
  void shouldNameAnOptionThatIsOutOfRange() {
    assertThat(run("--model", MODEL, "--turns", "0")).isNotZero();
    assertThat(err.toString()).contains("--turns is 0");
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "bench";
    all[1] = "soak";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return MillraceCli.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }
}
