package io.millrace.engine.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads and writes small safetensors files as a whole: a second opinion on the streaming reader.
 */
public final class WholeSafetensors {

  private WholeSafetensors() {}

  /** All tensors of a directory as float32, row-major. */
  static Map<String, float[]> readAll(Path directory) throws IOException {
    Map<String, float[]> tensors = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(p -> p.toString().endsWith(".safetensors")).forEach(p -> read(p, tensors));
    }
    return tensors;
  }

  private static void read(Path file, Map<String, float[]> into) {
    try {
      ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      byte[] header = new byte[(int) all.getLong()];
      all.get(header);
      ByteBuffer data = all.slice().order(ByteOrder.LITTLE_ENDIAN);
      for (Map.Entry<String, JsonNode> field : new ObjectMapper().readTree(header).properties()) {
        JsonNode offsets = field.getValue().path("data_offsets");
        if (!offsets.isMissingNode()) {
          int begin = offsets.get(0).asInt();
          ByteBuffer bytes =
              data.slice(begin, offsets.get(1).asInt() - begin).order(ByteOrder.LITTLE_ENDIAN);
          into.put(field.getKey(), decode(field.getValue().get("dtype").asText(), bytes));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] decode(String dtype, ByteBuffer bytes) {
    float[] values = new float[bytes.remaining() / (dtype.equals("F32") ? 4 : 2)];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (dtype) {
            case "F32" -> bytes.getFloat();
            case "BF16" -> Float.intBitsToFloat(bytes.getShort() << 16);
            case "F16" -> half(bytes.getShort());
            default -> throw new AssertionError(dtype);
          };
    }
    return values;
  }

  /** A half by its definition, in double. */
  public static float half(short bits) {
    int exponent = bits >> 10 & 31;
    double fraction = (bits & 1023) / 1024.0;
    double magnitude =
        switch (exponent) {
          case 0 -> fraction * Math.pow(2, -14);
          case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> (1 + fraction) * Math.pow(2, exponent - 15);
        };
    return (float) (bits < 0 ? -magnitude : magnitude);
  }

  /** A file of any header and data, right or wrong. */
  public static Path write(Path file, String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return writeWithLength(file, json.length, json, data);
  }

  public static Path writeWithLength(Path file, long headerLength, byte[] json, byte[] data)
      throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(headerLength).put(json).put(data);
    return Files.write(file, bytes.array());
  }
}
