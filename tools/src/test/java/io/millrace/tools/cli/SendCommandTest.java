package io.millrace.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is wrong with a file is told before Kafka is looked for. */
class SendCommandTest {
  private static final String GOOD =
      "{\"conversation_id\":\"c\",\"request_id\":\"%s\",\"text\":\"hi\"}";

  @TempDir private Path directory;
  private final StringWriter err = new StringWriter();

  @Test
  void shouldRefuseTwoRequestsOnOneLine() throws IOException {
    refusesText(GOOD.formatted("a") + GOOD.formatted("b") + "\n", ":1: ", "more stands behind");
    refusesText(GOOD.formatted("a") + "\n" + GOOD.formatted("b") + " x\n", ":2: ", "no JSON");
  }

  @Test
  void shouldRefuseAFieldGivenTwice() throws IOException {
    String twice = "{\"conversation_id\":\"c\",\"conversation_id\":\"d\",\"request_id\":\"r\"}";
    refusesText(GOOD.formatted("a") + "\n" + twice, ":2: ", "Duplicate field 'conversation_id'");
  }

  @ParameterizedTest
  @CsvSource({"NaN, NaN", "1e400, Infinity"})
  void shouldRefuseANumberThatIsNone(String written, String shown) throws IOException {
    String line =
        GOOD.formatted("a").replace("}", ",\"sampling\":{\"temperature\":" + written + "}}");
    refusesText(line, ":1: ", "sampling.temperature: " + shown + " is not a finite number");
  }

  @Test
  void shouldSayInWhatEncodingAFileIs() throws IOException {
    Path file = directory.resolve("r.jsonl");
    Files.write(file, GOOD.formatted("ü").getBytes(StandardCharsets.ISO_8859_1));
    refuses(file.toString(), "r.jsonl:1: not UTF-8 text at byte 37", "LATIN1");
    Files.write(file, GOOD.formatted("ü").getBytes(StandardCharsets.UTF_16LE));
    refuses(file.toString(), "r.jsonl is UTF-16", "nothing was sent");
  }

  @Test
  void shouldReadStandardInputAsStrictly() {
    byte[] bytes = ("\uFEFF" + GOOD.formatted("a") + "\n{}\n").getBytes(StandardCharsets.UTF_8);
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(bytes));
    try {
      refuses("-", "standard input:2: ", "request_id: the field is missing");
    } finally {
      System.setIn(before);
    }
  }

  private void refusesText(String contents, String where, String message) throws IOException {
    Path file = Files.writeString(directory.resolve("r.jsonl"), contents);
    refuses(file.toString(), where, message, "nothing was sent");
  }

  private void refuses(String file, String... messages) {
    err.getBuffer().setLength(0);
    CommandLine cli = MillraceCli.commandLine();
    cli.setErr(new PrintWriter(err, true));
    assertThat(cli.execute("send", file)).isEqualTo(1);
    assertThat(err.toString()).contains(messages);
  }
}
