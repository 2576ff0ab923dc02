package io.millrace.engine.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeDirectoryTest {
  @TempDir Path directory;
  private Path home;
  private List<URL> files;

  @BeforeEach
  void writeFiles() throws Exception {
    home = directory.resolve("deep").resolve("home");
    files = List.of(file("a", "first.so", "one"), file("b", "second.so.1", "two"));
  }

  private URL file(String folder, String name, String content) throws Exception {
    Path file = directory.resolve(folder).resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content).toUri().toURL();
  }

  @Test
  void shouldUnpackOnceIntoAPlaceOfThisUserAlone() throws Exception {
    Path unpacked = new NativeDirectory(home).get(files);

    assertThat(unpacked.getParent()).isEqualTo(home);
    assertThat(unpacked.getFileName().toString()).matches("[0-9a-f]{64}");
    assertThat(unpacked.resolve("first.so")).hasContent("one");
    assertThat(unpacked.resolve("second.so.1")).hasContent("two");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
        .isEqualTo("rwx------");

    Object before = Files.getAttribute(unpacked.resolve("first.so"), "unix:ino");
    assertThat(new NativeDirectory(home).get(files)).isEqualTo(unpacked);
    assertThat(Files.getAttribute(unpacked.resolve("first.so"), "unix:ino")).isEqualTo(before);
    assertThat(entries()).containsExactlyInAnyOrder(".lock", unpacked.getFileName().toString());
  }

  @Test
  void shouldKeepVersionsApart() throws Exception {
    Path old = new NativeDirectory(home).get(files);
    file("a", "first.so", "one, newer");
    Path current = new NativeDirectory(home).get(files);

    assertThat(current).isNotEqualTo(old);
    assertThat(old.resolve("first.so")).hasContent("one");
    assertThat(current.resolve("first.so")).hasContent("one, newer");
  }

  @Test
  void shouldReplaceWhatIsDamagedAndClearWhatWasLeft() throws Exception {
    Path unpacked = new NativeDirectory(home).get(files);
    Files.writeString(unpacked.resolve("first.so"), "onf");
    Path left = Files.createDirectory(home.resolve(".unpacking-123"));
    Files.writeString(left.resolve("first.so"), "o");

    assertThat(new NativeDirectory(home).get(files)).isEqualTo(unpacked);
    assertThat(unpacked.resolve("first.so")).hasContent("one");
    Files.delete(unpacked.resolve("second.so.1"));
    new NativeDirectory(home).get(files);
    assertThat(unpacked.resolve("second.so.1")).hasContent("two");
    assertThat(entries()).containsExactlyInAnyOrder(".lock", unpacked.getFileName().toString());
  }

  @Test
  void shouldTakeBackWhatOthersMayWriteTo() throws Exception {
    Files.createDirectories(home);
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));

    new NativeDirectory(home).get(files);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
        .isEqualTo("rwx------");
  }

  @Test
  void shouldServeThreadsThatComeTogether() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Path>> found = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        found.add(threads.submit(() -> new NativeDirectory(home).get(files)));
      }
      for (Future<Path> each : found) {
        assertThat(each.get().resolve("second.so.1")).hasContent("two");
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shouldTakeThePlaceThatIsSet() {
    Map<String, String> properties =
        Map.of("user.home", "/home/u", "java.io.tmpdir", "/tmp", "user.name", "u/v");

    assertThat(NativeDirectory.homes(properties, Map.of()))
        .containsExactly(
            Path.of("/home/u/.cache/millrace/native"), Path.of("/tmp/millrace-native-u_v"));
    assertThat(NativeDirectory.homes(properties, Map.of("XDG_CACHE_HOME", "/caches")))
        .first()
        .isEqualTo(Path.of("/caches/millrace/native"));
    assertThat(NativeDirectory.homes(properties, Map.of("MILLRACE_NATIVE_DIRECTORY", "/own")))
        .containsExactly(Path.of("/own/millrace-native"));
    assertThat(
            NativeDirectory.homes(
                Map.of("millrace.native-directory", "/mine"),
                Map.of("MILLRACE_NATIVE_DIRECTORY", "/own")))
        .containsExactly(Path.of("/mine/millrace-native"));
  }

  @Test
  void shouldRefuseAPlaceThatIsNone() throws Exception {
    Files.createDirectories(home.getParent());
    Files.writeString(home, "a file");

    assertThatThrownBy(() -> new NativeDirectory(home).get(files))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(home.toString());
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> entries = Files.list(home)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }
}
