package io.millrace.engine.runtime.device;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.prepare.CheckpointConverter;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.runtime.RuntimeOptions;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RuntimesTest {

  @ParameterizedTest
  @EnumSource
  void shouldKnowABlocksSizeBeforeTheRuntimeIsOpen(KvType type, @TempDir Path directory)
      throws IOException, URISyntaxException {
    Path checkpoint = Path.of(getClass().getResource("/golden/qwen2").toURI());
    CheckpointConverter.convert(checkpoint, Precision.INT8, directory, ProgressListener.NONE);
    PreparedModel model = PreparedModel.open(directory);
    long blockBytes = Runtimes.blockBytes(model.config(), type);
    RuntimeOptions options = new RuntimeOptions(1, false, type, 7 * blockBytes);
    try (ModelRuntime runtime = Runtimes.open(model, options)) {
      assertThat(runtime.blockCount()).isEqualTo(7);
      int blockSize = runtime.blockSize();
      assertThat(Runtimes.blocks(blockSize)).isOne();
      assertThat(Runtimes.blocks(blockSize + 1)).isEqualTo(2);
      assertThat(blockSize * Runtimes.tokenBytes(model.config(), type)).isEqualTo(blockBytes);
    }
  }

  @Test
  void shouldAloneNameADevicesRuntime() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.millrace.engine.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.millrace.engine.runtime.cpu..", "io.millrace.engine.runtime.attention..")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.millrace.engine"));
  }
}
