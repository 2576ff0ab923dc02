package io.millrace.tools.cli.eval;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.job.Settings;
import io.millrace.job.config.EngineSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.tools.eval.LongContextEval;
import io.millrace.tools.eval.SummaryScores;
import io.millrace.tools.eval.SummaryTask;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace eval context}: what dynamic NTK and LogN bring. */
@Command(
    name = "context",
    description = {
      "Summarises documents in one prompt each, with dynamic NTK and LogN attention on and off.",
      "Any model will do, as both only change how its weights are used. Prints Rouge-L and, in"
          + " brackets, its recall: a row for each way, a column for each group of documents."
    })
final class EvalContextCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "Documents and references, as of millrace eval summaries.")
  private Path data;

  @Option(
      names = "--trained-length",
      paramLabel = "TOKENS",
      defaultValue = "0",
      description =
          "The length that the model was trained with, from which on the two change anything; 0,"
              + " the default, for what its checkpoint says.")
  private int trainedLength;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where scores and summaries go as JSON.")
  private Path out;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A prepared model: short for --set model.directory=DIR.")
  private Path model;

  @Mixin private Settings settings;

  @Override
  public Integer call() throws Exception {
    Map<String, String> chosen = new LinkedHashMap<>();
    if (model != null) {
      chosen.put(EngineSettings.MODEL_DIRECTORY.key(), model.toString());
    }
    chosen.putAll(settings.values());
    Map<String, SummaryScores> scores =
        new LongContextEval(MillraceConfig.of(chosen), spec.commandLine().getErr())
            .run(SummaryTask.read(data), trainedLength);
    spec.commandLine().getOut().println(SummaryScores.comparison(scores).stripTrailing());
    if (out != null) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      scores.forEach((way, its) -> json.set(way, its.json()));
      new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(out.toFile(), json);
    }
    return 0;
  }
}
