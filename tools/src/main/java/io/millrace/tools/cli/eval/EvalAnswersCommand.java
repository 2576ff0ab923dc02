package io.millrace.tools.cli.eval;

import io.millrace.engine.Engine;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.tools.cli.options.EngineArguments;
import io.millrace.tools.console.ProgressLine;
import io.millrace.tools.eval.AnswerFile;
import io.millrace.tools.eval.EvalConversation;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace eval answers}: a model's greedy answers to whole conversations. */
@Command(
    name = "answers",
    description = {
      "Holds the conversations of a file with a model.",
      "Greedy, its own answers in the history. Writes the answers as JSON lines, turns from 0:"
          + " {\"id\": .., \"turn\": .., \"text\": ..}."
    })
final class EvalAnswersCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private EngineArguments engineArguments;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description =
          "A conversation a line: {\"id\": .., \"system\": .., \"turns\": [{\"user\": ..}, ..]}.")
  private Path data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the answers go.")
  private Path out;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "320",
      description = "The longest answer, in tokens. Default 320.")
  private int maxNewTokens;

  @Override
  public Integer call() throws Exception {
    List<EvalConversation> conversations = EvalConversation.read(data);
    try (Engine engine = engineArguments.open();
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr())) {
      AnswerFile.write(
          engine,
          SamplingParameters.greedy(maxNewTokens),
          conversations,
          out,
          done -> progress.show("conversations", done, conversations.size()));
    }
    spec.commandLine()
        .getOut()
        .printf("Wrote the answers to %d conversations to %s%n", conversations.size(), out);
    return 0;
  }
}
