package io.millrace.tools.files;

import io.millrace.engine.Engine;
import io.millrace.job.config.EngineSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.operators.serving.EngineProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code millrace summarize}: from paths to a file of summaries, resuming where a run was ended.
 */
public final class SummarizeRun {
  private final MillraceConfig config;
  private final EngineProvider engine;
  private final PrintWriter progress;
  private final boolean terminal;

  public SummarizeRun(
      MillraceConfig config, EngineProvider engine, PrintWriter progress, boolean terminal) {
    this.config = config;
    this.engine = engine;
    this.progress = progress;
    this.terminal = terminal;
  }

  /**
   * Summarises all documents.
   *
   * @param out where the lines go in the end; null where the caller takes them
   * @return a line of JSON per document, in the order of the paths
   */
  public List<String> run(List<Path> paths, Path out) throws Exception {
    List<DocumentFile> files = DocumentFile.find(paths);
    // A model that cannot be opened ends the run here, not the job again and again.
    try (Engine open = engine.acquire()) {
      String identity = identity(files, open);
      Path directory =
          out == null
              ? Path.of(".millrace", "summarize", ResultFiles.hash(identity))
              : out.resolveSibling(out.getFileName() + ".work");
      try (WorkDirectory work = WorkDirectory.open(directory, identity)) {
        List<String> lines = run(files, work);
        if (out != null) {
          write(work.summaries(), out, lines);
        }
        work.delete();
        return lines;
      }
    }
  }

  private List<String> run(List<DocumentFile> files, WorkDirectory work) throws Exception {
    ResultFiles results = work.results();
    int before = (int) files.stream().filter(file -> results.has(file.id())).count();
    SummaryView view = new SummaryView(progress, terminal, files.size(), before);
    view.line(
        work.resumed()
            ? "Resuming: %d of %d documents were done".formatted(before, files.size())
            : "Summarising %d documents".formatted(files.size()));
    new Summarizer(config, engine, files, work, view).run();
    view.line("Answered %d prompts in this run".formatted(view.prompts()));
    List<String> lines = new ArrayList<>();
    for (DocumentFile file : files) {
      lines.add(results.read(file.id()));
    }
    return lines;
  }

  /** Whether a line tells why a document has no summary. */
  public static boolean isFailure(String line) {
    return Summarizer.isFailure(line);
  }

  /** Work goes on only with the same texts, settings and model. */
  String identity(List<DocumentFile> files, Engine open) throws IOException {
    StringBuilder identity = new StringBuilder();
    identity.append(open.manifest().fingerprint()).append('\n');
    identity.append(open.maxSequenceLength()).append('\n');
    // The same weights give other answers where what they have read is rounded.
    identity.append(config.get(EngineSettings.KV_TYPE)).append('\n');
    identity.append(config.documentOptions()).append('\n');
    for (DocumentFile file : files) {
      identity.append(file.id()).append(' ').append(ResultFiles.hash(Path.of(file.path())));
      identity.append('\n');
    }
    return identity.toString();
  }

  private static void write(Path part, Path out, List<String> lines) throws IOException {
    Files.write(part, lines);
    Files.move(part, out, StandardCopyOption.REPLACE_EXISTING);
  }
}
