package io.millrace.tools.cli.options;

import io.millrace.engine.model.Precision;
import io.millrace.engine.prepare.PrepareOptions;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that every command has that writes a prepared model. */
public final class PrepareArguments {

  @Option(
      names = "--precision",
      required = true,
      paramLabel = "fp32|int8|int4",
      description = "Number format of the linear layers.")
  private Precision precision;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The prepared model's directory; it appears when the model is whole.")
  private Path out;

  @Option(names = "--name", description = "The model's name.")
  private String name;

  @Option(
      names = "--chat-format",
      paramLabel = "FORMAT",
      description = "qwen, qwen2, qwen3 or chatml; found out from the checkpoint by default.")
  private String chatFormat;

  @Option(
      names = "--default-system",
      paramLabel = "TEXT",
      description =
          "The system message where a request has none, \"\" for no message; the checkpoint's own"
              + " by default.")
  private String defaultSystem;

  @Option(names = "--force", description = "Replace a prepared model that is there already.")
  private boolean force;

  public Path out() {
    return out;
  }

  public PrepareOptions options() {
    return new PrepareOptions(precision, name, chatFormat, defaultSystem, force);
  }
}
