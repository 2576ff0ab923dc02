package io.millrace.tools.cli.model;

import io.millrace.engine.model.Manifest;
import io.millrace.engine.prepare.RandomModel;
import io.millrace.tools.cli.options.PrepareArguments;
import io.millrace.tools.console.ProgressLine;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace model random}: makes a model of a known shape for benchmarks. */
@Command(
    name = "random",
    description = "Makes a model of a known shape with random weights, for benchmarks.")
final class ModelRandomCommand implements Callable<Integer> {

  /** The shapes for the help text and completion. */
  static final class Shapes implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return RandomModel.shapes().iterator();
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--like",
      required = true,
      paramLabel = "SHAPE",
      completionCandidates = Shapes.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  private String like;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "Checkpoint to take the tokenizer from; without one the model takes ids only.")
  private Path tokenizer;

  @Mixin private PrepareArguments arguments;

  @Override
  public Integer call() throws Exception {
    if (!RandomModel.shapes().contains(like)) {
      throw new ParameterException(
          spec.commandLine(), "--like " + like + " is not one of " + RandomModel.shapes());
    }
    try (ProgressLine progress = new ProgressLine(spec.commandLine().getErr())) {
      Manifest manifest =
          RandomModel.write(like, arguments.options(), tokenizer, arguments.out(), progress::show);
      progress.close();
      spec.commandLine()
          .getOut()
          .printf(
              "%s: %s, fingerprint %s%n", arguments.out(), manifest.name(), manifest.fingerprint());
    }
    return 0;
  }
}
