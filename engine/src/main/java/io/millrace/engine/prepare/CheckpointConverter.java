package io.millrace.engine.prepare;

import io.millrace.engine.model.ChatInfo;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.ModelFormatException;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.model.TokenizerInfo;
import io.millrace.engine.tokenize.TokenizerImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Prepares a HuggingFace checkpoint directory: config.json, safetensors files and a tokenizer. The
 * same checkpoint gives the same bytes on every machine.
 */
public final class CheckpointConverter {

  private CheckpointConverter() {}

  public static Manifest convert(
      Path checkpoint, Precision precision, Path out, ProgressListener listener)
      throws IOException {
    return convert(checkpoint, PrepareOptions.of(precision), out, listener);
  }

  /**
   * @param out the directory of the prepared model; it appears when everything is written
   */
  public static Manifest convert(
      Path checkpoint, PrepareOptions options, Path out, ProgressListener listener)
      throws IOException {
    if (!Files.isDirectory(checkpoint)) {
      throw new ModelFormatException(checkpoint + " is no directory: name the checkpoint's");
    }
    try (CheckpointTensors tensors = CheckpointTensors.open(checkpoint);
        StagedDirectory staged = StagedDirectory.create(out, options.force())) {
      ModelConfig config = CheckpointConfigReader.read(checkpoint, tensors::contains);
      CheckpointWeights weights = new CheckpointWeights(tensors, config);
      // Everything that can be refused is looked at before the long part.
      weights.check();
      TokenizerInfo tokenizer = TokenizerImporter.importInto(checkpoint, staged.path());
      checkTokenizer(checkpoint, tokenizer, config);
      ChatInfo chat =
          options.chat(
              CheckpointChat.format(config.family(), tokenizer.controlTokens()),
              CheckpointChat.defaultSystem(config.family(), checkpoint));
      String name = options.name() != null ? options.name() : name(checkpoint);
      ModelFiles.Head head =
          new ModelFiles.Head(
              name,
              config,
              options.precision(),
              tokenizer,
              chat,
              CheckpointSummaries.read(checkpoint),
              CheckpointChat.stopIds(checkpoint, config, tokenizer.controlTokens()));
      return ModelFiles.write(staged, head, weights, listener);
    }
  }

  private static void checkTokenizer(Path checkpoint, TokenizerInfo tokenizer, ModelConfig config)
      throws ModelFormatException {
    if (tokenizer.vocabularySize() > config.vocabularyRows()) {
      throw new ModelFormatException(
          "%s: the tokenizer has %d ids and the embedding %d rows"
              .formatted(checkpoint, tokenizer.vocabularySize(), config.vocabularyRows()));
    }
  }

  private static String name(Path checkpoint) {
    Path path = checkpoint.toAbsolutePath().normalize();
    boolean generic = path.endsWith("checkpoint") && path.getNameCount() > 1;
    return (generic ? path.getParent() : path).getFileName().toString();
  }
}
