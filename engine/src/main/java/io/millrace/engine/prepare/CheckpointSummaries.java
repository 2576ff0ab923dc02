package io.millrace.engine.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.model.JsonFiles;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.ModelFormatException;
import io.millrace.engine.model.SummaryInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads what a checkpoint says of summaries: {@code chunk_tokens}, {@code max_new_tokens} and
 * {@code prompts} of {@code task_specific_params.summarization} in config.json, which is where
 * transformers keeps what suits a task.
 */
final class CheckpointSummaries {
  private static final String TASK = "task_specific_params.summarization";

  private CheckpointSummaries() {}

  /**
   * @return null where it says nothing of the sizes, as most do
   */
  static SummaryInfo read(Path checkpoint) throws IOException {
    Path file = checkpoint.resolve(ModelConfig.CHECKPOINT_FILE);
    JsonNode task = JsonFiles.readObject(file).path("task_specific_params").path("summarization");
    ConfigValues values = new ConfigValues(file + ": " + TASK, task);
    if (!values.has("chunk_tokens", "max_new_tokens")) {
      return null;
    }
    return new SummaryInfo(
        values.size("chunk_tokens"), values.size("max_new_tokens"), prompts(file, task));
  }

  private static Map<String, Map<String, String>> prompts(Path file, JsonNode task)
      throws ModelFormatException {
    try {
      return JsonFiles.MAPPER.treeToValue(task.get("prompts"), new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(
          "%s: %s.prompts is %s, expected texts by language and stage"
              .formatted(file, TASK, task.get("prompts")),
          e);
    }
  }
}
