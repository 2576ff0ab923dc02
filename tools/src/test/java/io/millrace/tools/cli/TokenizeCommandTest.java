package io.millrace.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Precision;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.prepare.CheckpointConverter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TokenizeCommandTest {
  private static final Path CHECKPOINT = Path.of("../engine/src/test/resources/golden/qwen2");

  @TempDir private static Path directory;
  private static Path model;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void prepareModel() throws IOException {
    model = directory.resolve("model");
    CheckpointConverter.convert(CHECKPOINT, Precision.FP32, model, ProgressListener.NONE);
  }

  @Test
  void shouldPrintTheIdsOfTheTextAsJson() {
    assertThat(execute("Hello", "tokenize", "--model", model.toString())).isZero();
    assertThat(out.toString().strip()).isEqualTo("[39,68,75,75,78]");
  }

  @Test
  void shouldDecodeWhatItEncoded() {
    String text = "The water runs, 水流不息 🎉<|im_end|>\r\n";
    execute(text, "tokenize", "--model", model.toString());
    String ids = out.toString();
    out.getBuffer().setLength(0);

    assertThat(execute(ids, "tokenize", "--model", model.toString(), "--decode")).isZero();
    assertThat(out.toString()).isEqualTo(text);
  }

  @Test
  void shouldPrintAnEmptyArrayForNoText() {
    assertThat(execute("", "tokenize", "--model", model.toString())).isZero();
    assertThat(out.toString().strip()).isEqualTo("[]");
  }

  @Test
  void shouldRefuseInputThatIsNotUtf8() {
    byte[] latin1 = "Grüße".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(execute(latin1, "tokenize", "--model", model.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("not UTF-8 text at byte 2");
  }

  @Test
  void shouldRefuseInputThatIsNoArrayOfIds() {
    for (String input :
        new String[] {
          "{}", "null", "[1, 2", "[\"a\"]", "", "[1.5]", "[1.0]", "[3000000000]", "[1][2]"
        }) {
      err.getBuffer().setLength(0);
      assertThat(execute(input, "tokenize", "--model", model.toString(), "--decode")).isEqualTo(1);
      assertThat(err.toString()).contains("JSON array of token ids");
    }
  }

  @Test
  void shouldSkipAByteOrderMark() {
    assertThat(execute("\uFEFFHello", "tokenize", "--model", model.toString())).isZero();
    assertThat(out.toString().strip()).isEqualTo("[39,68,75,75,78]");
    out.getBuffer().setLength(0);
    assertThat(execute("\uFEFF[39]", "tokenize", "--model", model.toString(), "--decode")).isZero();
    assertThat(out.toString()).isEqualTo("H");
  }

  @Test
  void shouldNameAnIdThatTheModelLacks() {
    assertThat(execute("[299]", "tokenize", "--model", model.toString(), "--decode")).isEqualTo(1);
    assertThat(err.toString()).contains("token id 299 does not exist");
  }

  @Test
  void shouldRefuseADirectoryWithoutModel() throws IOException {
    Path empty = Files.createDirectories(directory.resolve("empty"));

    assertThat(execute("x", "tokenize", "--model", empty.toString())).isEqualTo(1);
    assertThat(err.toString()).contains(empty + " has no manifest.json");
    assertThat(execute("x", "tokenize")).isEqualTo(2);
  }

  private int execute(String input, String... args) {
    return execute(input.getBytes(StandardCharsets.UTF_8), args);
  }

  private int execute(byte[] input, String... args) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input));
    try {
      CommandLine cli = MillraceCli.commandLine();
      cli.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
      return cli.execute(args);
    } finally {
      System.setIn(before);
    }
  }
}
