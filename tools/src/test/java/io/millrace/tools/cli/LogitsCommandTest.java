package io.millrace.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.prepare.CheckpointConverter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LogitsCommandTest {
  private static final Path CHECKPOINT = Path.of("../engine/src/test/resources/golden/qwen");

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
  void shouldPrintTheReferencesLogitsAsJson() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode golden = mapper.readTree(CHECKPOINT.resolve("golden.json").toFile());
    FloatBuffer logits =
        ByteBuffer.wrap(Files.readAllBytes(CHECKPOINT.resolve("golden.bin")))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    // The longest prompt: its NTK alpha is 7 and most of its queries are LogN-scaled.
    JsonNode run = golden.get("prompts").get(7);
    String ids =
        StreamSupport.stream(run.get("prompt").spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining(","));

    assertThat(execute("logits", "--model", model.toString(), "--tokens", ids, "--json")).isZero();

    JsonNode answer = mapper.readTree(out.toString());
    assertThat(answer.get("promptTokens").asInt()).isEqualTo(150);
    assertThat(answer.get("top")).hasSize(10);
    assertThat(answer.get("top").get(0).get("id").asInt())
        .isEqualTo(run.get("greedy").get(0).asInt());
    for (JsonNode candidate : answer.get("top")) {
      int index = run.get("logits_offset").asInt() / Float.BYTES + candidate.get("id").asInt();
      assertThat(candidate.get("logit").floatValue()).isCloseTo(logits.get(index), within(1e-3f));
      assertThat(candidate.get("logprob").doubleValue()).isNegative();
    }
  }

  @Test
  void shouldPrintATable() {
    assertThat(execute("logits", "--model", model.toString(), "--tokens", "1,2", "--top", "3"))
        .isZero();
    assertThat(out.toString().lines()).hasSize(4);
    assertThat(out.toString()).contains("logprob");
  }

  @Test
  void shouldRefuseWhatTheModelCannotRead() {
    assertThat(execute("logits", "--model", model.toString(), "--tokens", "512")).isEqualTo(1);
    assertThat(err.toString()).contains("token id 512 does not exist: ids run from 0 to 511");
    assertThat(execute("logits", "--model", model.toString(), "--tokens", "1", "--top", "0"))
        .isEqualTo(2);
    assertThat(execute("logits", "--model", model.toString(), "--tokens", "1,x")).isEqualTo(2);
  }

  private int execute(String... args) {
    CommandLine cli = MillraceCli.commandLine();
    cli.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return cli.execute(args);
  }
}
