package io.millrace.job.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Engine;
import io.millrace.job.config.EngineSettings;
import io.millrace.job.config.MillraceConfig;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobEngineTest {
  private static final Path BUILT_IN = Path.of("..", "models", "millrace-tiny", "int8");

  @TempDir Path directory;

  @Test
  void shouldShareOneEngine() throws Exception {
    MillraceConfig config = settings(BUILT_IN, "8 mb");
    try (Engine one = JobEngine.acquire(config.engineOptions());
        Engine another = JobEngine.acquire(config.engineOptions())) {
      assertThat(another.admission()).isSameAs(one.admission());
    }
  }

  @Test
  void shouldNameTheDirectoryOfAModelThatIsNotThereOrBroken() throws Exception {
    Path none = directory.resolve("none");
    assertFails(settings(none, "8 mb"), "model.directory is " + none, "there is no directory");

    Path broken = directory.resolve("broken");
    Path weights = copyModel(broken);
    try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
    assertFails(
        settings(broken, "8 mb"), "model.directory is " + broken, weights.getFileName().toString());
  }

  @Test
  void shouldNotStartWithDamagedWeights() throws Exception {
    Path damaged = directory.resolve("damaged");
    Path weights = copyModel(damaged);
    try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
      file.seek(file.length() / 2);
      int before = file.read();
      file.seek(file.length() / 2);
      file.write(before ^ 1);
    }
    assertFails(
        settings(damaged, "8 mb"), "model.directory is " + damaged, "was changed or damaged");
  }

  @Test
  void shouldNameTheSettingsOfMemory() {
    assertFails(
        settings(BUILT_IN, "900 gb"),
        "model.directory is",
        "engine.kv-cache-size is 9663676",
        "-Xmx");
  }

  private static void assertFails(MillraceConfig config, String... message) {
    assertThatThrownBy(() -> JobEngine.acquire(config.engineOptions()))
        .hasMessageContainingAll(message);
  }

  private static MillraceConfig settings(Path model, String kvCache) {
    return MillraceConfig.of(
        Map.of(
            EngineSettings.MODEL_DIRECTORY.key(),
            model.toAbsolutePath().toString(),
            EngineSettings.KV_CACHE_SIZE.key(),
            kvCache));
  }

  /** Copies the built-in model and returns its file of weights. */
  private static Path copyModel(Path to) throws Exception {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(BUILT_IN)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    try (Stream<Path> files = Files.list(to)) {
      return files.max(Comparator.comparingLong(file -> file.toFile().length())).orElseThrow();
    }
  }
}
