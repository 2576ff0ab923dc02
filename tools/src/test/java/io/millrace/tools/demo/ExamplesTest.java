package io.millrace.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesTest {

  @TempDir Path directory;

  private void file(String name, int conversations, int turns) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int c = 0; c < conversations; c++) {
      for (int t = 0; t < turns; t++) {
        lines.add(
            """
            {"conversation_id": "%1$s-%2$d", "request_id": "%1$s-%2$d-%3$d", "text": "hi", "expected": "hello"}\
            """
                .formatted(name, c, t));
      }
    }
    Files.write(directory.resolve(name + ".jsonl"), lines);
  }

  @Test
  void shouldNumberTurnsAndAskForChunks() throws Exception {
    file("a", 2, 2);
    List<Turn> turns = Examples.read(directory);
    assertThat(turns).extracting(Turn::number).containsExactly(1, 2, 1, 2);
    assertThat(turns).allMatch(turn -> turn.request().getStream());
    assertThat(turns.get(0).isRight("HELLO!")).hasValue(true);
    assertThat(turns.get(0).isRight("bye")).hasValue(false);
  }

  @Test
  void shouldKeepAFewLongConversationsOfEveryFileForTheShortDemo() throws Exception {
    file("a", 20, 3);
    file("b", 20, 4);
    file("c", 20, 2);
    List<Turn> turns = Examples.readShort(directory);
    assertThat(turns.stream().map(Turn::conversation).distinct())
        .hasSize(Examples.SHORT_CONVERSATIONS)
        .contains("a-0", "b-0", "a-6", "b-6");
    assertThat(turns).hasSize(7 * 3 + 7 * 4);
  }

  @Test
  void shouldNameTheLineThatIsWrong() throws Exception {
    Files.writeString(directory.resolve("x.jsonl"), "\n{\"request_id\": \"r\", \"txt\": 1}\n");
    assertThatThrownBy(() -> Examples.read(directory))
        .hasMessageContaining("x.jsonl:2: ")
        .hasMessageContaining("txt");
  }

  @Test
  void shouldRefuseADirectoryWithoutExamples() {
    assertThatThrownBy(() -> Examples.read(directory)).hasMessageContaining("--examples DIR");
  }
}
