package io.millrace.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MillraceCliTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Command(name = "fail")
  static final class Fail implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException(
          "model.directory: no model", new NoSuchFileException("/nowhere/manifest.json"));
    }
  }

  private int execute(String... args) {
    CommandLine cli = MillraceCli.commandLine().addSubcommand(new Fail());
    // addSubcommand came after commandLine() set its handler: give the new command the same one.
    cli.setExecutionExceptionHandler(cli.getExecutionExceptionHandler());
    cli.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    cli.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    return cli.execute(args);
  }

  @Test
  void shouldShowHelpWithoutCommand() {
    assertThat(execute()).isZero();
    assertThat(out.toString()).contains("Usage: millrace", "--verbose", "--version");
  }

  @Test
  void shouldPrintVersion() {
    assertThat(execute("--version")).isZero();
    assertThat(out.toString()).startsWith("millrace ").contains("java 17");
  }

  @Test
  void shouldRefuseAnUnknownCommandWithCode2() {
    assertThat(execute("grind")).isEqualTo(2);
    assertThat(err.toString()).contains("grind");
  }

  @Test
  void shouldTellAFailureInOneLineWithCode1() {
    assertThat(execute("fail")).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo(
            "millrace fail: model.directory: no model: NoSuchFileException /nowhere/manifest.json");
  }

  @Test
  void shouldPrintTheStackTraceWhenAsked() {
    assertThat(execute("fail", "--verbose")).isEqualTo(1);
    assertThat(err.toString()).contains("at io.millrace.tools.cli.MillraceCliTest$Fail.run");
  }

  @Test
  void shouldFindEveryCommandInTheDocumentation() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "commands.md"));
    List<String> documented =
        Pattern.compile("(?m)^\\| `\\./millrace ([a-z]+(?: [a-z]+)?)\\b")
            .matcher(page)
            .results()
            .map(row -> row.group(1))
            .toList();
    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(commands("", MillraceCli.commandLine()).toList());
  }

  /** The commands that do something themselves, with those that they stand under. */
  private static Stream<String> commands(String path, CommandLine command) {
    return command.getSubcommands().isEmpty()
        ? Stream.of(path.strip())
        : command.getSubcommands().entrySet().stream()
            .flatMap(each -> commands(path + " " + each.getKey(), each.getValue()));
  }
}
