package io.millrace.tools.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.tools.cli.MillraceCli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchEngineCommandTest {
  private static final String MODEL = "../models/millrace-tiny/int8";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... options) {
    CommandLine cli = MillraceCli.commandLine();
    cli.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] args = new String[options.length + 4];
    System.arraycopy(new String[] {"bench", "engine", "--model", MODEL}, 0, args, 0, 4);
    System.arraycopy(options, 0, args, 4, options.length);
    return cli.execute(args);
  }

  @Test
  void shouldMeasureEveryCombination() throws IOException {
    assertThat(
            run(
                "--sequences",
                "1,3",
                "--context",
                "20,100",
                "--new-tokens",
                "8",
                "--runs",
                "2",
                "--batch-tokens",
                "64",
                "--threads",
                "1",
                "--json"))
        .as("%s", err)
        .isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.at("/machine/read_bytes_per_second").asDouble()).isPositive();
    assertThat(json.at("/machine/int8_ops_per_second").asDouble()).isPositive();
    assertThat(json.at("/model/name").asText()).isEqualTo("millrace-tiny");
    assertThat(json.get("prefill")).hasSize(2);
    // Three short prompts fill a step of 64 tokens, a long one takes two.
    assertThat(json.at("/prefill/0/tokens_per_step").asDouble()).isEqualTo(60);
    assertThat(json.at("/prefill/1/tokens_per_step").asDouble()).isEqualTo(50);
    assertThat(json.get("decode")).hasSize(4);
    for (JsonNode decode : json.get("decode")) {
      assertThat(decode.get("tokens_per_step").asInt()).isEqualTo(decode.get("sequences").asInt());
      assertThat(decode.get("tokens_per_second_of_runs")).hasSize(2);
      JsonNode step = decode.get("step_ms");
      double parts =
          step.get("linear").asDouble()
              + step.get("attention").asDouble()
              + step.get("sampling").asDouble()
              + step.get("scheduling").asDouble()
              + step.get("other").asDouble();
      assertThat(step.get("total").asDouble()).isCloseTo(parts, within(1e-6));
      assertThat(step.get("linear").asDouble()).isPositive();
      assertThat(step.get("attention").asDouble()).isPositive();
      // No upper limit: a probe that was disturbed, or weights in the cache, let it pass 1.
      assertThat(decode.at("/bound/step_ms").asDouble()).isPositive();
      assertThat(decode.at("/bound/reached").asDouble())
          .isCloseTo(
              decode.at("/bound/step_ms").asDouble() / step.get("total").asDouble(), within(1e-6));
      assertThat(decode.get("peak_resident_bytes").asLong())
          .isGreaterThan(decode.get("kv_pool_bytes").asLong());
    }
  }

  @Test
  void shouldPrintTablesInMarkdown() {
    assertThat(
            run(
                "--sequences",
                "2",
                "--context",
                "40",
                "--new-tokens",
                "4",
                "--runs",
                "1",
                "--markdown"))
        .as("%s", err)
        .isZero();
    assertThat(out.toString())
        .contains("Machine: ", "GB/s", "GOP/s")
        .containsPattern("\\| +2 \\| +40 \\| ");
  }

  @ParameterizedTest
  @CsvSource({
    "--context, 5000, --context 5000 and --new-tokens 64 make 5064 tokens",
    "--context, 1, --context is 1: use 2 or more",
    "--sequences, 0, --sequences is 0: use 1 or more",
    "--sequences, 600, --sequences 600 do not decode in one step of --batch-tokens 512",
    "--new-tokens, 2, --new-tokens is 2: use 4 or more",
    "--runs, 0, --runs is 0: use 1 or more",
    "--threads, -1, --threads is -1: use 0 or more",
  })
  void shouldNameTheOptionThatIsWrong(String option, String value, String message) {
    assertThat(run(option, value)).isEqualTo(1);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void shouldSayHowMuchHeapIsMissing() {
    // The built-in model's KV takes a kilobyte or two a token: no test JVM has room for this.
    assertThat(run("--sequences", "500", "--context", "4000", "--new-tokens", "4", "--runs", "1"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("KV pool", "MILLRACE_JAVA_OPTS=-Xmx");
  }
}
