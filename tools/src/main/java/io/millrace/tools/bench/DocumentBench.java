package io.millrace.tools.bench;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.ForwardingEngine;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.assembly.Engines;
import io.millrace.job.config.DocumentSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.tools.files.SummarizeRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.util.FileUtils;

/**
 * Measures summaries of documents through the whole job beside the engine alone, which gets the
 * same prompts: all at once, and each as soon as a job could know it. Each time a new engine is
 * opened, whose prefix cache is empty.
 */
public final class DocumentBench {

  /**
   * What an engine has done.
   *
   * @param seconds from the first request until the last answer
   */
  public record Work(int prompts, long promptTokens, long newTokens, long steps, double seconds) {

    public double tokensPerSecond() {
      return (promptTokens + newTokens) / seconds;
    }
  }

  /**
   * The same prompts in each way.
   *
   * @param jobSeconds of the job from its start to its end, Flink's cluster included
   * @param staged the engine alone, which gets a document's next stage when it has answered the one
   *     before
   * @param engine the engine alone, which has all prompts from the beginning
   */
  public record Round(
      int documents, int draftTokens, Work job, double jobSeconds, Work staged, Work engine) {

    /** The job's share of the engine's throughput, between first prompt and last answer. */
    public double kept() {
      return job.tokensPerSecond() / engine.tokensPerSecond();
    }

    /** The same beside the engine that must wait for each stage as the job must. */
    public double keptStaged() {
      return job.tokensPerSecond() / staged.tokensPerSecond();
    }

    public double documentsPerMinute() {
      return 60 * documents / jobSeconds;
    }
  }

  /** One job, with the prompts that the engine got. */
  private record JobRun(
      int documents, List<GenerationRequest> prompts, Work work, double seconds) {}

  /** How the job's tasks, which are serialised, find the engine: one measurement at a time. */
  private static final AtomicReference<Engine> CURRENT = new AtomicReference<>();

  private final MillraceConfig config;
  private final List<Path> documents;
  private final PrintWriter progress;

  public DocumentBench(MillraceConfig config, List<Path> documents, PrintWriter progress) {
    this.config = config;
    this.documents = documents;
    this.progress = progress;
  }

  /** Gives an engine prompts and waits for the answers. */
  private interface Replay {
    void answer(Engine engine, List<GenerationRequest> prompts) throws InterruptedException;
  }

  /**
   * Measures each length of drafts several times, the ways in turn.
   *
   * @return the median round by {@link Round#keptStaged} for each length of drafts
   */
  public List<Round> run(List<Integer> draftTokens, int runs) throws Exception {
    // What is compiled in the first run would count against whoever comes first.
    List<GenerationRequest> known = job(draftTokens.get(0)).prompts;
    List<List<Round>> all = new ArrayList<>();
    draftTokens.forEach(drafts -> all.add(new ArrayList<>()));
    for (int run = 0; run < runs; run++) {
      for (int way = 0; way < draftTokens.size(); way++) {
        all.get(way).add(round(draftTokens.get(way), known, run % 2 == 0));
      }
    }
    return all.stream().map(DocumentBench::median).toList();
  }

  private static Round median(List<Round> rounds) {
    return rounds.stream()
        .sorted(Comparator.comparingDouble(Round::keptStaged))
        .toList()
        .get((rounds.size() - 1) / 2);
  }

  private Round round(int draftTokens, List<GenerationRequest> known, boolean jobFirst)
      throws Exception {
    List<GenerationRequest> prompts = drafting(known, draftTokens);
    JobRun job = jobFirst ? job(draftTokens) : null;
    Work staged = alone(prompts, StagedReplay::answer);
    Work engine = alone(prompts, RandomPrompts::answer);
    if (job == null) {
      job = job(draftTokens);
    }
    progress.printf(
        "drafts %d: job %.1f s in %d steps, engine %.1f s in %d steps, all at once %.1f s in %d"
            + " steps%n",
        draftTokens,
        job.work.seconds,
        job.work.steps,
        staged.seconds,
        staged.steps,
        engine.seconds,
        engine.steps);
    progress.flush();
    return new Round(job.documents, draftTokens, job.work, job.seconds, staged, engine);
  }

  private static List<GenerationRequest> drafting(List<GenerationRequest> prompts, int tokens) {
    return prompts.stream()
        .map(
            r ->
                new GenerationRequest(
                    r.id(),
                    r.prompt(),
                    r.sampling().toBuilder().draftTokens(tokens).build(),
                    r.priority(),
                    r.tenant(),
                    r.deadlineEpochMillis()))
        .toList();
  }

  private Work alone(List<GenerationRequest> prompts, Replay replay)
      throws IOException, InterruptedException {
    try (Engine engine = Engines.open(config.engineOptions())) {
      RecordingEngine recording = new RecordingEngine(engine);
      replay.answer(recording, prompts);
      return recording.work();
    }
  }

  private JobRun job(int draftTokens) throws Exception {
    EngineOptions options = config.engineOptions();
    Path directory = Files.createTempDirectory("millrace-bench");
    try (Engine engine = Engines.open(options)) {
      RecordingEngine recording = new RecordingEngine(engine);
      CURRENT.set(recording);
      long start = System.nanoTime();
      List<String> lines =
          new SummarizeRun(
                  config.with(DocumentSettings.DRAFT_TOKENS, draftTokens),
                  DocumentBench::lend,
                  progress,
                  false)
              .run(documents, directory.resolve("summaries.jsonl"));
      double seconds = (System.nanoTime() - start) / 1e9;
      lines.stream()
          .filter(SummarizeRun::isFailure)
          .findFirst()
          .ifPresent(
              line -> {
                throw new IllegalArgumentException("a document has no summary: " + line);
              });
      return new JobRun(lines.size(), recording.requests(), recording.work(), seconds);
    } finally {
      CURRENT.set(null);
      FileUtils.deleteDirectoryQuietly(directory.toFile());
    }
  }

  /** The engine stays open when the job closes it: what it did is still to be asked. */
  private static Engine lend() {
    return new ForwardingEngine(CURRENT.get()) {
      @Override
      public void close() {
        // Whoever opened it closes it.
      }
    };
  }
}
