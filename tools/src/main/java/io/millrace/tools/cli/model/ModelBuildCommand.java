package io.millrace.tools.cli.model;

import io.millrace.engine.model.Manifest;
import io.millrace.engine.prepare.CheckpointConverter;
import io.millrace.tools.cli.options.PrepareArguments;
import io.millrace.tools.console.ProgressLine;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace model build}: prepares a checkpoint. */
@Command(
    name = "build",
    description = "Prepares a HuggingFace checkpoint (safetensors) of Qwen, Qwen2, Qwen3 or Llama.")
final class ModelBuildCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "DIR",
      description = "Directory with config.json, *.safetensors and the tokenizer.")
  private Path checkpoint;

  @Mixin private PrepareArguments arguments;

  @Override
  public Integer call() throws Exception {
    try (ProgressLine progress = new ProgressLine(spec.commandLine().getErr())) {
      Manifest manifest =
          CheckpointConverter.convert(
              checkpoint, arguments.options(), arguments.out(), progress::show);
      progress.close();
      spec.commandLine()
          .getOut()
          .printf(
              "%s: %s, fingerprint %s%n", arguments.out(), manifest.name(), manifest.fingerprint());
    }
    return 0;
  }
}
