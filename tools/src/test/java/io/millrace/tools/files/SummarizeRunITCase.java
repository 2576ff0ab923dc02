package io.millrace.tools.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.engine.runtime.KvType;
import io.millrace.job.config.EngineSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.operators.testing.AutoEngine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files become summaries, and a run that broke off goes on where it was. */
@Timeout(300)
class SummarizeRunITCase {
  private static final int BEFORE_CRASH = 12;
  private static final MillraceConfig CONFIG =
      MillraceConfig.of(
          Map.of(
              "documents.chunk-tokens", "100",
              "documents.max-new-tokens", "40"));

  private static volatile AutoEngine current;

  @TempDir Path directory;

  private static Engine acquire() throws Exception {
    return SharedEngines.acquire(
        EngineOptions.defaults("summarize-run"),
        options -> {
          if (current == null) {
            throw new IllegalStateException("there is no engine any more");
          }
          return current;
        });
  }

  @Test
  void shouldGoOnWhereItStoppedAndGiveTheSameBytes() throws Exception {
    Path input = Files.createDirectory(directory.resolve("in"));
    Files.writeString(input.resolve("a.txt"), "A sentence stands here.\n\n".repeat(60));
    Files.writeString(input.resolve("b.md"), "Another sentence stands here.\n\n".repeat(30));
    Files.write(input.resolve("c.pdf"), new byte[] {1, 2, 3});

    current = new AutoEngine(Integer.MAX_VALUE);
    Path undisturbed = directory.resolve("undisturbed.jsonl");
    List<String> lines = run(input, undisturbed);
    int prompts = current.answered();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains("a.txt\"", "\"text\":\"answer ");
    assertThat(lines.get(1)).contains("b.md\"", "\"text\":\"answer ");
    assertThat(lines.get(2)).contains("c.pdf\"", "\"error\":", "cannot be read");
    assertThat(lines.stream().map(SummarizeRun::isFailure)).containsExactly(false, false, true);
    assertThat(Files.readAllLines(undisturbed)).isEqualTo(lines);
    assertThat(directory.resolve("undisturbed.jsonl.work")).doesNotExist();

    AutoEngine first = new AutoEngine(BEFORE_CRASH);
    current = first;
    Path out = directory.resolve("out.jsonl");
    CompletableFuture<List<String>> broken =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return run(input, out);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await().atMost(Duration.ofSeconds(60)).until(() -> first.answered() == BEFORE_CRASH);
    Path work = directory.resolve("out.jsonl.work");
    // The one that is under way may have begun before the last answer.
    long checkpoint = Math.max(0, latestCheckpoint(work));
    await().atMost(Duration.ofSeconds(60)).until(() -> latestCheckpoint(work) >= checkpoint + 2);
    current = null;
    first.crash();
    assertThatThrownBy(broken::get).isInstanceOf(ExecutionException.class);
    assertThat(out).doesNotExist();

    AutoEngine second = new AutoEngine(Integer.MAX_VALUE);
    current = second;
    run(input, out);
    assertThat(out).hasSameBinaryContentAs(undisturbed);
    assertThat(second.answered())
        .as("prompts of the second run, of %d in all", prompts)
        .isEqualTo(prompts - BEFORE_CRASH);
    assertThat(work).doesNotExist();
  }

  @Test
  void shouldWriteToAFileOfAnyName() throws Exception {
    Path input = Files.createDirectory(directory.resolve("in"));
    Files.writeString(input.resolve("a.txt"), "A sentence stands here.\n\n".repeat(30));
    for (String name : List.of("report[1].jsonl", "100%.jsonl", "a|b", "a b%20?#.jsonl")) {
      current = new AutoEngine(Integer.MAX_VALUE);
      Path out = directory.resolve(name);
      List<String> lines = run(input, out);
      assertThat(Files.readAllLines(out)).as(name).isEqualTo(lines);
      Files.delete(out);
      try (Stream<Path> left = Files.list(directory)) {
        assertThat(left).as("what %s left", name).containsExactly(input);
      }
    }
  }

  @Test
  void shouldTakeNoOtherEnginesAnswersForItsOwn() throws Exception {
    Path file = Files.writeString(directory.resolve("a.txt"), "text");
    List<DocumentFile> files = DocumentFile.find(List.of(file));
    AutoEngine engine = new AutoEngine(1);
    assertThat(identity(CONFIG, files, engine))
        .isEqualTo(identity(CONFIG, files, engine))
        .isNotEqualTo(identity(CONFIG.with(EngineSettings.KV_TYPE, KvType.BF16), files, engine));
  }

  private static String identity(MillraceConfig config, List<DocumentFile> files, Engine engine)
      throws Exception {
    return new SummarizeRun(config, () -> engine, new PrintWriter(new StringWriter()), false)
        .identity(files, engine);
  }

  private static List<String> run(Path input, Path out) throws Exception {
    StringWriter said = new StringWriter();
    List<String> lines =
        new SummarizeRun(CONFIG, SummarizeRunITCase::acquire, new PrintWriter(said), false)
            .run(List.of(input), out);
    assertThat(said.toString()).contains("Answered " + current.answered() + " prompts");
    return lines;
  }

  /** Number of the latest completed checkpoint, -1 for none. */
  private static long latestCheckpoint(Path work) throws Exception {
    if (!Files.exists(work)) {
      return -1;
    }
    try (Stream<Path> tree = Files.walk(work, 4)) {
      return tree.filter(path -> path.endsWith("_metadata"))
          .map(path -> path.getParent().getFileName().toString())
          .mapToLong(name -> Long.parseLong(name.substring("chk-".length())))
          .max()
          .orElse(-1);
    } catch (UncheckedIOException e) {
      // A checkpoint was deleted meanwhile.
      return -1;
    }
  }
}
