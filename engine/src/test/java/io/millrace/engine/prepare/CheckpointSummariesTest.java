package io.millrace.engine.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.ModelFormatException;
import io.millrace.engine.model.SummaryInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointSummariesTest {

  @TempDir private Path checkpoint;

  @Test
  void shouldReadWhatSuitsTheModel() throws IOException {
    assertThat(
            read(
                "{\"chunk_tokens\": 400, \"max_new_tokens\": 180,"
                    + " \"prompts\": {\"en\": {\"chunk\": \"Sum: {text}\"}}}"))
        .isEqualTo(new SummaryInfo(400, 180, Map.of("en", Map.of("chunk", "Sum: {text}"))));
    assertThat(read("{\"chunk_tokens\": 400, \"max_new_tokens\": 180}"))
        .isEqualTo(new SummaryInfo(400, 180, null));
  }

  @Test
  void shouldFindNothingInOtherCheckpoints() throws IOException {
    Files.writeString(checkpoint.resolve("config.json"), "{\"task_specific_params\": null}");
    assertThat(CheckpointSummaries.read(checkpoint)).isNull();
    assertThat(read("{\"max_length\": 200, \"num_beams\": 4, \"prefix\": \"summarize: \"}"))
        .as("of a T5")
        .isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"chunk_tokens\": 400} | max_new_tokens is missing",
        "{\"chunk_tokens\": 0, \"max_new_tokens\": 180} | chunk_tokens = 0",
        "{\"chunk_tokens\": 4, \"max_new_tokens\": 1, \"prompts\": \"x\"} | prompts is \"x\"",
        "{\"chunk_tokens\": 4, \"max_new_tokens\": 1, \"prompts\": {\"en\": 7}} | prompts is {",
      })
  void shouldRefuseWhatItCannotUse(String task, String why) {
    assertThatThrownBy(() -> read(task))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("config.json: task_specific_params.summarization")
        .hasMessageContaining(why);
  }

  private SummaryInfo read(String task) throws IOException {
    Files.writeString(
        checkpoint.resolve("config.json"),
        "{\"task_specific_params\": {\"summarization\": " + task + "}}");
    return CheckpointSummaries.read(checkpoint);
  }
}
