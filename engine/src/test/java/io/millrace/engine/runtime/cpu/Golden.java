package io.millrace.engine.runtime.cpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.prepare.CheckpointConverter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the reference implementation says of a golden checkpoint.
 *
 * @param vocabularySize ids below this may be chosen
 */
record Golden(Path checkpoint, int vocabularySize, List<Run> runs) {
  /**
   * One prompt.
   *
   * @param greedy the ids that follow
   * @param first logits after the prompt
   * @param last logits of the last greedy step
   */
  record Run(int[] prompt, int[] greedy, float[] first, float[] last) {}

  static Golden read(String family) throws IOException {
    Path checkpoint = path(family);
    JsonNode json = new ObjectMapper().readTree(checkpoint.resolve("golden.json").toFile());
    ByteBuffer data =
        ByteBuffer.wrap(Files.readAllBytes(checkpoint.resolve("golden.bin")))
            .order(ByteOrder.LITTLE_ENDIAN);
    int rows = json.get("vocabulary_rows").asInt();
    List<Run> runs = new ArrayList<>();
    for (JsonNode run : json.get("prompts")) {
      runs.add(
          new Run(
              ints(run.get("prompt")),
              ints(run.get("greedy")),
              floats(data, run.get("logits_offset").asInt(), rows),
              floats(data, run.get("final_logits_offset").asInt(), rows)));
    }
    return new Golden(checkpoint, json.get("vocabulary_size").asInt(), runs);
  }

  PreparedModel prepare(Precision precision, Path directory) throws IOException {
    Path out = directory.resolve(checkpoint.getFileName() + "-" + precision);
    CheckpointConverter.convert(checkpoint, precision, out, ProgressListener.NONE);
    return PreparedModel.open(out);
  }

  private static Path path(String family) {
    try {
      return Path.of(Golden.class.getResource("/golden/" + family).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    Arrays.setAll(values, i -> array.get(i).asInt());
    return values;
  }

  private static float[] floats(ByteBuffer data, int offset, int n) {
    float[] values = new float[n];
    data.slice(offset, n * Float.BYTES).order(data.order()).asFloatBuffer().get(values);
    return values;
  }
}
