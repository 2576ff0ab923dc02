package io.millrace.tools.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.tools.cli.MillraceCli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ModelCommandTest {

  private static final String CHECKPOINT = "../engine/src/test/resources/golden/qwen3";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  private int execute(String... args) {
    CommandLine cli = MillraceCli.commandLine();
    cli.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return cli.execute(args);
  }

  private int build(String... more) {
    String[] args = {
      "model",
      "build",
      "--checkpoint",
      CHECKPOINT,
      "--precision",
      "int8",
      "--out",
      directory.resolve("model").toString()
    };
    String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return execute(all);
  }

  @Test
  void shouldBuildAModelAndShowIt() throws Exception {
    assertThat(build("--name", "wheel", "--default-system", "Grind.")).isZero();
    assertThat(out.toString()).contains("wheel, fingerprint");
    out.getBuffer().setLength(0);
    String model = directory.resolve("model").toString();
    assertThat(execute("model", "show", "--json", "--verify", model)).isZero();
    JsonNode shown = new ObjectMapper().readTree(out.toString());
    assertThat(shown.at("/name").asText()).isEqualTo("wheel");
    assertThat(shown.at("/config/family").asText()).isEqualTo("qwen3");
    assertThat(shown.at("/chat/format").asText()).isEqualTo("qwen3");
    assertThat(shown.at("/chat/defaultSystem").asText()).isEqualTo("Grind.");
    assertThat(execute("model", "show", model)).isZero();
    assertThat(out.toString()).containsPattern("precision +int8");
  }

  @Test
  void shouldReplaceAModelOnlyWhenForced() {
    assertThat(build()).isZero();
    assertThat(build()).isEqualTo(1);
    assertThat(err.toString()).contains("already holds a model", "--force");
    assertThat(build("--force")).isZero();
  }

  @Test
  void shouldNameTheShapesItKnows() {
    assertThat(execute("model", "random", "--like", "gpt", "--precision", "int8", "--out", "x"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("gpt", "qwen2.5-0.5b", "qwen3-0.6b", "qwen-7b");
  }

  @Test
  void shouldTellACheckpointFromAPreparedModel() {
    assertThat(execute("model", "show", CHECKPOINT)).isEqualTo(1);
    assertThat(err.toString()).contains("it is a checkpoint", "millrace model build");
  }
}
