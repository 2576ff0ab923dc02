package io.millrace.engine.prepare;

import io.millrace.engine.model.Family;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;

/** The checkpoints of src/test/resources/golden. */
public final class GoldenCheckpoints {

  static final Map<String, Family> FAMILIES =
      Map.of(
          "qwen", Family.QWEN, "qwen2", Family.QWEN2, "qwen3", Family.QWEN3, "llama", Family.LLAMA);

  private GoldenCheckpoints() {}

  public static Path path(String name) {
    try {
      return Path.of(GoldenCheckpoints.class.getResource("/golden/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
