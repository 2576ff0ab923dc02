package io.millrace.engine.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the JSON files around a model; every error names the file. */
public final class JsonFiles {

  public static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT);

  private static final long MAX_BYTES = 64 << 20;

  private JsonFiles() {}

  public static ObjectNode readObject(Path path) throws IOException {
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new ModelFormatException(path + " is larger than " + MAX_BYTES + " bytes");
      }
      JsonNode node = MAPPER.readTree(path.toFile());
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw new ModelFormatException(path + " is not a JSON object");
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(path + " is missing", e);
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(path + ": " + e.getOriginalMessage(), e);
    }
  }

  /** As {@link #readObject}, but an empty object where there is no file. */
  public static ObjectNode readObjectIfPresent(Path path) throws IOException {
    return Files.exists(path) ? readObject(path) : MAPPER.createObjectNode();
  }

  /** The file of this plain name beside another file; a name that leads elsewhere is refused. */
  public static Path sibling(Path file, String name) throws ModelFormatException {
    if (name.isEmpty() || name.contains("/") || name.contains("\\") || name.startsWith("..")) {
      throw new ModelFormatException(
          file + " names the file \"" + name + "\": a plain file name is expected");
    }
    return file.resolveSibling(name);
  }
}
