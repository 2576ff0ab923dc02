package io.millrace.tools.cli.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.engine.model.ModelDescription;
import io.millrace.engine.model.PreparedModel;
import io.millrace.tools.console.ProgressLine;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace model show}: describes a prepared model. */
@Command(name = "show", description = "Describes a prepared model.")
final class ModelShowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The prepared model's directory.")
  private Path directory;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(names = "--verify", description = "Read all weights and check their fingerprint.")
  private boolean verify;

  @Override
  public Integer call() throws Exception {
    PreparedModel model = PreparedModel.open(directory);
    if (verify) {
      try (ProgressLine progress = new ProgressLine(spec.commandLine().getErr())) {
        model.verify(progress::show);
      }
    }
    ModelDescription description = ModelDescription.of(model.manifest());
    spec.commandLine().getOut().print(json ? toJson(description) : description.toText());
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static String toJson(ModelDescription description) throws Exception {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    return mapper.writeValueAsString(description) + System.lineSeparator();
  }
}
