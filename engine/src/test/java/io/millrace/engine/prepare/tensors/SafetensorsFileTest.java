package io.millrace.engine.prepare.tensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.engine.model.ModelFormatException;
import io.millrace.engine.prepare.WholeSafetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {

  private static final String TWO_BY_TWO =
      "{\"__metadata__\":{\"format\":\"pt\"},"
          + "\"w\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}";

  @TempDir private Path directory;

  @Test
  void shouldReadRowsIntoAStridedArray() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(1).putFloat(2).putFloat(3).putFloat(4);
    try (SafetensorsFile file = SafetensorsFile.open(write(TWO_BY_TWO, data.array()))) {
      SafetensorsMatrix matrix = new SafetensorsMatrix(file, file.tensors().get("w"));
      float[] into = new float[8];
      matrix.read(0, 2, into, 1, 3);
      assertThat(into).containsExactly(0, 1, 2, 0, 3, 4, 0, 0);
      float[] second = new float[2];
      matrix.read(1, 1, second, 0, 2);
      assertThat(second).containsExactly(3, 4);
    }
  }

  @Test
  void shouldReadTensorsLongerThanItsBuffer() throws IOException {
    int rows = 1021;
    int columns = 300;
    ByteBuffer data = ByteBuffer.allocate(4 * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows * columns; i++) {
      data.putFloat(i);
    }
    String header =
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}"
            .formatted(rows, columns, data.capacity());
    try (SafetensorsFile file = SafetensorsFile.open(write(header, data.array()))) {
      float[] into = new float[rows * columns];
      new SafetensorsMatrix(file, file.tensors().get("w")).read(0, rows, into, 0, columns);
      for (int i = 0; i < into.length; i++) {
        assertThat(into[i]).isEqualTo(i);
      }
    }
  }

  @Test
  void shouldRefuseATruncatedFile() throws IOException {
    Path file = write(TWO_BY_TWO, new byte[15]);
    refuses(() -> SafetensorsFile.open(file), "tensor w", "[0, 16]", "15 bytes", "truncated");
  }

  @Test
  void shouldRefuseAFileThatEndsInItsHeader() throws IOException {
    byte[] json = TWO_BY_TWO.getBytes(StandardCharsets.UTF_8);
    Path file = WholeSafetensors.writeWithLength(path(), json.length + 1000, json, new byte[16]);
    refuses(() -> SafetensorsFile.open(file), "the header needs", "truncated");
    Files.write(file, new byte[] {1, 2, 3});
    refuses(() -> SafetensorsFile.open(file), "3 bytes", "truncated");
  }

  @ParameterizedTest
  @CsvSource({"-1, 18446744073709551615", "9223372036854775807, 9223372036854775807", "0, 0"})
  void shouldRefuseAnImpossibleHeaderLength(long length, String named) throws IOException {
    Path file = WholeSafetensors.writeWithLength(path(), length, new byte[100], new byte[0]);
    refuses(() -> SafetensorsFile.open(file), "a header of " + named + " bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"w\":;                                                            not valid JSON",
        "[];                                                                 not a JSON object",
        "{} {};                                                              not valid JSON",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4]}};                          tensor w: needs dtype",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[-4],\"data_offsets\":[0,16]}}; tensor w: shape: -4",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[16,0]}};  [16, 0] do not fit",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,8]}};   does not take 8 bytes",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}};"
            + " does not take 0 bytes",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,1e3]}}; 1000.0 is not",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,99999999999999999999]}};"
            + " is not a length",
        "{\"w\":{},\"w\":{}};                                                Duplicate field",
      })
  void shouldRefuseABrokenHeader(String header, String message) throws IOException {
    Path file = write(header, new byte[16]);
    refuses(() -> SafetensorsFile.open(file), file.toString(), message);
  }

  @Test
  void shouldRefuseOverlappingTensors() throws IOException {
    Path file =
        write(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
            new byte[12]);
    refuses(() -> SafetensorsFile.open(file), "tensors a and b overlap in bytes 4 to 8");
  }

  @Test
  void shouldRefuseATypeThatIsNotAFloat() throws IOException {
    Path path =
        write("{\"w\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,16]}}", new byte[16]);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      refuses(
          () -> new SafetensorsMatrix(file, file.tensors().get("w")),
          "tensor w has dtype I64",
          "F32, F16, BF16");
    }
  }

  private Path path() {
    return directory.resolve("model.safetensors");
  }

  private Path write(String header, byte[] data) throws IOException {
    return WholeSafetensors.write(path(), header, data);
  }

  private static void refuses(ThrowingCallable call, String... parts) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }
}
