package io.millrace.engine.prepare;

import io.millrace.engine.model.ChatInfo;
import io.millrace.engine.model.Fingerprint;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.ManifestFile;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.model.SummaryInfo;
import io.millrace.engine.model.TokenizerInfo;
import io.millrace.engine.model.WeightsLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes weights and manifest of a prepared model whose tokenizer is in place already. */
final class ModelFiles {

  private ModelFiles() {}

  /** Everything in the manifest that does not follow from the weights. */
  record Head(
      String name,
      ModelConfig config,
      Precision precision,
      TokenizerInfo tokenizer,
      ChatInfo chat,
      SummaryInfo summaries,
      List<Integer> stopIds) {}

  static Manifest write(
      StagedDirectory staged, Head head, WeightSource source, ProgressListener listener)
      throws IOException {
    Path file = staged.path().resolve(Manifest.WEIGHTS_FILE);
    WeightsFile.write(file, head.config, head.precision, source, listener);
    Manifest manifest =
        new Manifest(
            Manifest.VERSION,
            head.name,
            head.config,
            head.precision,
            head.tokenizer,
            head.chat,
            head.summaries,
            head.stopIds,
            WeightsLayout.tensors(head.config, head.precision),
            Fingerprint.of(file, head.config, head.precision, listener));
    ManifestFile.write(staged.path(), manifest);
    staged.publish();
    return manifest;
  }
}
