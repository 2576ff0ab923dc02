package io.millrace.tools.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.tools.cli.MillraceCli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace eval context} with the built-in model. */
@Timeout(300)
class EvalContextCommandITCase {
  private static final Path MODEL = Path.of("../models/millrace-tiny/int8");
  private static final String SENTENCE =
      "The new bridge in Marlow was finished in May. It cost 4 million crowns. ";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  @Test
  void shouldChangeOnlySummariesOfWhatIsLongerThanTrained() throws Exception {
    Path data = directory.resolve("data.jsonl");
    Files.writeString(data, task("short", SENTENCE) + task("long", SENTENCE.repeat(30)));
    Path scores = directory.resolve("scores.json");
    assertThat(run(data, scores)).as("%s", err).isZero();
    assertThat(out.toString().lines())
        .hasSize(6)
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("| | short | long | all |"),
            line -> assertThat(line).startsWith("| ---"),
            line -> assertThat(line).startsWith("| neither | "),
            line -> assertThat(line).startsWith("| dynamic NTK | "),
            line -> assertThat(line).startsWith("| LogN | "),
            line -> assertThat(line).startsWith("| both | "));
    JsonNode json = new ObjectMapper().readTree(scores.toFile());
    for (String way : new String[] {"dynamic NTK", "LogN", "both"}) {
      assertThat(text(json, way, 0)).isEqualTo(text(json, "neither", 0)).isNotBlank();
      assertThat(text(json, way, 1)).as(way).isNotEqualTo(text(json, "neither", 1));
    }
  }

  @Test
  void shouldNameTheDocumentThatFitsNoPrompt() throws Exception {
    Path data = directory.resolve("data.jsonl");
    Files.writeString(data, task("endless", SENTENCE.repeat(300)));
    assertThat(run(data, directory.resolve("scores.json"), "--set", "engine.kv-cache-size=4 mb"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("document endless", "raise engine.kv-cache-size");
  }

  private static String task(String id, String text) {
    return """
        {"id": "%s", "group": "%s", "text": "%s", "reference": "The bridge was finished in May."}
        """
        .formatted(id, id, text);
  }

  private static String text(JsonNode json, String way, int document) {
    return json.path(way).path("documents").path(document).path("text").asText();
  }

  private int run(Path data, Path scores, String... more) {
    String[] arguments = {
      "eval",
      "context",
      "--model",
      "" + MODEL,
      "--data",
      "" + data,
      "--out",
      "" + scores,
      "--trained-length",
      "150"
    };
    return MillraceCli.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new));
  }
}
