package io.millrace.engine.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * ONNX Runtime starts in processes that start together. The many rounds are a command: see
 * CONTRIBUTING.md.
 */
class NativeLibrariesTest {
  private static final int ROUNDS = 2;
  private static final int PROCESSES = 5;

  @TempDir Path directory;

  @Test
  void shouldStartInProcessesThatUnpackAtOneTime() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Path empty = directory.resolve("round-" + round);
      for (NativeStarts.End end : NativeStarts.together(empty, PROCESSES)) {
        assertThat(end.code()).as(end.output()).isZero();
        assertThat(ofTheClassPath(end))
            .as("what ONNX Runtime needs, all in one place")
            .hasSize(3)
            .allMatch(
                library ->
                    library.matches(
                        empty
                            + "/millrace-native/[0-9a-f]{64}"
                            + "/lib(jnijavacpp|jnionnxruntime|onnxruntime)"
                            + "\\.so(\\.1)?"));
      }
      assertThat(empty.resolve("home").resolve(".javacpp")).doesNotExist();
    }
  }

  @Test
  void shouldStartInEachClassLoaderOfAProcess() throws Exception {
    NativeStarts.End end = NativeStarts.together(directory, 1, "twice").get(0);

    assertThat(end.code()).as(end.output()).isZero();
    assertThat(ofTheClassPath(end)).filteredOn(l -> l.endsWith("/libjnionnxruntime.so")).hasSize(2);
  }

  private static List<String> ofTheClassPath(NativeStarts.End end) {
    return end.libraries().stream()
        .filter(library -> library.matches(".*(javacpp|onnx|dnnl|OpenCL|gomp).*"))
        .toList();
  }
}
