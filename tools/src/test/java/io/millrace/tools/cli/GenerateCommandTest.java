package io.millrace.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.prepare.CheckpointConverter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GenerateCommandTest {
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
  void shouldAnswerAConversationAsJson() throws IOException {
    Path chat =
        chat(
            """
            [{"role": "system", "content": "Be brief."},
             {"role": "user", "content": "Hello"},
             {"role": "assistant", "content": "Hi!"},
             {"role": "user", "content": "Who are you?"}]
            """);
    assertThat(run("--chat", chat.toString(), "--json", "--ignore-eos", "--top-logprobs", "2"))
        .as("%s", err)
        .isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("tokens")).hasSize(9);
    assertThat(json.get("finish_reason").asText()).isEqualTo("length");
    assertThat(json.get("usage").get("completion_tokens").asInt()).isEqualTo(9);
    assertThat(json.get("usage").get("prompt_tokens").asInt()).isGreaterThan(20);
    assertThat(json.get("timings").get("total_ms").asDouble()).isPositive();
    assertThat(json.get("logprobs")).hasSize(9);
    assertThat(json.get("logprobs").get(0).get("top")).hasSize(2);
    assertThat(json.get("model_fingerprint").asText()).hasSize(64);
  }

  @Test
  void shouldStreamTheTextThatTheJsonHolds() throws IOException {
    assertThat(run("--prompt", "Once", "--json")).as("%s", err).isZero();
    String text = new ObjectMapper().readTree(out.toString()).get("text").asText();
    out.getBuffer().setLength(0);
    assertThat(run("--prompt", "Once")).isZero();
    assertThat(out.toString()).isEqualTo(text + System.lineSeparator());
  }

  @Test
  void shouldAnswerAMessageAsTheConversationThatItBegins() throws IOException {
    assertThat(run("--message", "Hello", "--json")).as("%s", err).isZero();
    String answer = out.toString();
    out.getBuffer().setLength(0);
    Path chat = chat("[{\"role\": \"user\", \"content\": \"Hello\"}]");
    assertThat(run("--chat", chat.toString(), "--json")).isZero();
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readTree(out.toString()).get("tokens"))
        .isEqualTo(json.readTree(answer).get("tokens"));
  }

  @Test
  void shouldAnswerTheSameWithDrafts() throws IOException {
    String[] looping = {"--prompt", "Once", "--json", "--ignore-eos", "--max-new-tokens", "200"};
    assertThat(run(looping)).as("%s", err).isZero();
    JsonNode plain = new ObjectMapper().readTree(out.toString());
    out.getBuffer().setLength(0);
    String[] drafting = Arrays.copyOf(looping, looping.length + 2);
    drafting[looping.length] = "--draft-tokens";
    drafting[looping.length + 1] = "8";
    assertThat(run(drafting)).isZero();
    JsonNode drafted = new ObjectMapper().readTree(out.toString());
    assertThat(drafted.get("tokens")).isEqualTo(plain.get("tokens"));
    assertThat(plain.get("usage").get("drafted_tokens").asInt()).isZero();
    assertThat(drafted.get("usage").get("drafted_tokens").asInt()).isPositive();
  }

  @Test
  void shouldTellOnceWhereJsonIsBroken() throws IOException {
    assertThat(run("--chat", chat("hello").toString())).isEqualTo(1);
    assertThat(err.toString())
        .containsOnlyOnce("Unrecognized token 'hello'")
        .doesNotContain("REDACTED");
  }

  @Test
  void shouldRefuseMoreThanOneConversation() throws IOException {
    String one = "[{\"role\": \"user\", \"content\": \"x\"}]";
    assertThat(run("--chat", chat(one + "\n" + one).toString())).isEqualTo(1);
    assertThat(err.toString()).contains("chat.json:2: no JSON: more stands behind its end");
    assertThat(run("--chat", chat(one.replace("}", ",\"role\":\"tool\"}")).toString()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("chat.json:1: no JSON: Duplicate field 'role'");
  }

  @Test
  void shouldSayInWhatEncodingAConversationIs() throws IOException {
    Path chat = directory.resolve("chat.json");
    String text = "[{\"role\": \"user\", \"content\": \"ü\"}]";
    Files.write(chat, text.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(run("--chat", chat.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("chat.json:1: not UTF-8 text at byte 30");
    Files.write(chat, text.getBytes(StandardCharsets.UTF_16));
    assertThat(run("--chat", chat.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("chat.json is UTF-16");
  }

  @Test
  void shouldReplayAHistoryInWhichTheModelSaidNothing() throws IOException {
    String chat =
        """
        [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": ""},
         {"role": "user", "content": "Well?"}]
        """;
    assertThat(run("--chat", chat(chat).toString(), "--json")).as("%s", err).isZero();
    String blank = chat.replace("Hello", " ");
    assertThat(run("--chat", chat(blank).toString(), "--json")).isEqualTo(1);
    assertThat(err.toString()).contains("message 0: its \"content\" is blank");
    assertThat(run("--message", " ")).isEqualTo(1);
    assertThat(err.toString()).contains("--message is blank");
  }

  @Test
  void shouldNameWhatIsWrong() throws IOException {
    assertThat(run("--chat", chat("[{\"role\": \"boss\", \"content\": \"x\"}]").toString()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("message 0 has the role \"boss\"");
    assertThat(run("--chat", chat("[{\"role\": \"user\"}]").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("message 0 has no text in \"content\"");
    assertThat(run("--chat", chat("{}").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("must be a JSON array");
    assertThat(run("--chat", directory.resolve("absent.json").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("no chat file");
    assertThat(run("--prompt", "Once", "--top-p", "3")).isEqualTo(1);
    assertThat(err.toString()).contains("top_p is 3.0");
    assertThat(run("--prompt", "Once", "--max-new-tokens", "4096")).isEqualTo(1);
    assertThat(err.toString()).contains("--max-new-tokens is 4096").contains("room for 512");
    assertThat(run("--prompt", "Once", "--chat", "x.json")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
  }

  private static Path chat(String json) throws IOException {
    return Files.writeString(directory.resolve("chat.json"), json);
  }

  private int run(String... more) {
    List<String> arguments = new ArrayList<>(List.of("generate", "--model", model.toString()));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--max-new-tokens")) {
      arguments.addAll(List.of("--max-new-tokens", "9"));
    }
    CommandLine line = MillraceCli.commandLine();
    return line.setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }
}
