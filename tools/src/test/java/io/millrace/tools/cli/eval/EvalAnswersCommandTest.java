package io.millrace.tools.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.tools.cli.MillraceCli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvalAnswersCommandTest {
  private static final Path MODEL = Path.of("../models/millrace-tiny/int8");

  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  @Test
  void shouldAnswerEveryTurnWithItsConversationInMind() throws IOException {
    Path data = directory.resolve("data.jsonl");
    Files.writeString(
        data,
        """
        {"id": "a", "turns": [{"user": "My name is Simon."}, {"user": "What is my name?"}]}
        {"id": "b", "turns": [{"user": "My name is Mara."}, {"user": "What is my name?"}]}
        """);
    Path out = directory.resolve("answers.jsonl");
    assertThat(run(data, out)).as("%s", err).isZero();
    List<String> lines = Files.readAllLines(out);
    assertThat(lines).hasSize(4);
    JsonNode last = new ObjectMapper().readTree(lines.get(1));
    assertThat(last.get("id").asText()).isEqualTo("a");
    assertThat(last.get("turn").asInt()).isEqualTo(1);
    assertThat(last.get("text").asText()).isEqualTo("Your name is Simon.");
    assertThat(lines.get(3)).contains("\"b\"", "Your name is Mara.");
  }

  @Test
  void shouldNameTheLineThatIsNoConversation() throws IOException {
    Path data = directory.resolve("data.jsonl");
    Files.writeString(data, "{\"id\": \"a\", \"turns\": []}\n{\"id\": \"b\"}\n");
    assertThat(run(data, directory.resolve("answers.jsonl"))).isEqualTo(1);
    assertThat(err.toString()).contains("data.jsonl:2: ", "has id and turns");
  }

  @Test
  void shouldRefuseWhatStandsBehindAConversation() throws IOException {
    Path data = directory.resolve("data.jsonl");
    String one = "{\"id\": \"a\", \"turns\": [{\"user\": \"x\"}]}";
    Files.writeString(data, one + one);
    assertThat(run(data, directory.resolve("answers.jsonl"))).isEqualTo(1);
    assertThat(err.toString()).contains("data.jsonl:1: ", "more stands behind its end");
  }

  private int run(Path data, Path out) {
    CommandLine line = MillraceCli.commandLine();
    line.setErr(new PrintWriter(err, true));
    return line.execute(
        "eval", "answers", "--model", "" + MODEL, "--data", "" + data, "--out", "" + out);
  }
}
