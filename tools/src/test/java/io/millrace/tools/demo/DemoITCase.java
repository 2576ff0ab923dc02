package io.millrace.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.Engines;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.EngineSettings;
import io.millrace.job.config.JobSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.SamplingSettings;
import io.millrace.job.config.TopicSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo with the built-in model, on a few of its conversations. */
@Timeout(300)
class DemoITCase {

  private static final Path MODEL = Path.of("..", "models", "millrace-tiny", "int8");

  @TempDir Path examples;
  private final StringWriter out = new StringWriter();

  private Demo demo(Duration limit) throws Exception {
    List<String> lines =
        Files.readAllLines(Path.of("..", "examples", "conversations.jsonl")).subList(0, 12);
    Files.write(examples.resolve("a.jsonl"), lines);
    MillraceConfig config =
        MillraceConfig.of(
            Map.of(
                EngineSettings.MODEL_DIRECTORY.key(), MODEL.toString(),
                CheckpointSettings.INTERVAL.key(), "1 s",
                SamplingSettings.TEMPERATURE.key(), "0",
                TopicSettings.PARTITIONS.key(), "2",
                JobSettings.PARALLELISM.key(), "2"));
    EngineOptions engine = config.engineOptions();
    return new Demo(
        new DemoOptions(examples, false, false, limit, 0),
        config,
        () -> SharedEngines.acquire(engine, Engines::open),
        new PrintWriter(out),
        false,
        false);
  }

  @Test
  void shouldAnswerEveryTurnAndShowTheMalformedRecord() throws Exception {
    demo(Duration.ofMinutes(4)).run();
    assertThat(out.toString())
        .contains(
            "dashboard     http://", "dead letter", "DECODE: the record begins with byte 0x74")
        .containsPattern("requests +13 ")
        .containsPattern("completions +12\n")
        .containsPattern("dead letters +1\n")
        .contains("in every turn from the second on")
        .containsPattern("checkpoints +[1-9][0-9]* completed")
        .doesNotContain("\033");
  }

  @Test
  void shouldTellWhatIsMissingWhenTheTimeIsOver() {
    assertThatThrownBy(() -> demo(Duration.ZERO).run())
        .isInstanceOf(DemoFailure.class)
        .hasMessageContaining("12 of 12 requests have no answer after 0 s");
  }
}
