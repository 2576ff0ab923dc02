package io.millrace.schemas.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1}{\"a\":2}|no JSON: more stands behind its end, at column 8",
        "{\"a\":1} 2|more stands behind its end",
        "[1]]|no JSON",
        "{\"a\":{\"b\":1,\"b\":2}}|Duplicate field 'b'",
        "{\"a\":{\"b\":[0,NaN]}}|a.b[1]: NaN is not a finite number",
        "{\"a\":-Infinity}|a: -Infinity is not a finite number",
        "{\"a\":1e400}|a: Infinity is not a finite number",
        "{\"a\":1,}|no JSON",
        "{'a':1}|no JSON",
        "{\"a\":01}|no JSON"
      })
  void shouldTakeOneStrictValueALine(String line, String message) {
    String file = "\n" + line + "\n";

    assertThatThrownBy(() -> StrictJson.lines(file.getBytes(StandardCharsets.UTF_8), "x.jsonl"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("x.jsonl:2: ")
        .hasMessageContaining(message);
    assertThatThrownBy(() -> StrictJson.value(file.getBytes(StandardCharsets.UTF_8), "x.json"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("x.json:")
        .hasMessageContaining(message);
  }

  @Test
  void shouldNameTheLineOfAWholeFilesFault() {
    byte[] two = "[\n 1\n]\n[2]".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> StrictJson.value(two, "x.json"))
        .hasMessageStartingWith("x.json:4: no JSON: more stands behind its end");
    assertThatThrownBy(() -> StrictJson.value(new byte[] {' '}, "x.json"))
        .hasMessageContaining("x.json is empty");
  }

  @Test
  void shouldSkipAByteOrderMark() {
    byte[] marked = "\uFEFF{\"a\":\"é\"}\r\n\r\n[2]".getBytes(StandardCharsets.UTF_8);

    List<StrictJson.Line> lines = StrictJson.lines(marked, "x.jsonl");

    assertThat(lines)
        .extracting(line -> line.json().toString())
        .containsExactly("{\"a\":\"é\"}", "[2]");
    assertThat(lines).extracting(StrictJson.Line::at).containsExactly("x.jsonl:1", "x.jsonl:3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
  void shouldSayThatAFileIsUtf16(String charset) {
    byte[] bytes = "{\"a\":1}".getBytes(Charset.forName(charset));

    assertThatThrownBy(() -> StrictJson.lines(bytes, "x.jsonl"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("x.jsonl is UTF-16");
  }

  @Test
  void shouldSayWhereAFileIsLatin1() {
    byte[] bytes = "{}\n{\"a\":\"Grüße\"}".getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> StrictJson.lines(bytes, "x.jsonl"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("x.jsonl:2: not UTF-8 text at byte 11, 0xfc: if it is Latin-1");
  }

  @Test
  void shouldSayWhereAFileEndsInsideACharacter() {
    byte[] cut = {'"', 'a', (byte) 0xE4, (byte) 0xBD};

    assertThatThrownBy(() -> StrictJson.value(cut, "x.json"))
        .hasMessageContaining("x.json:1: not UTF-8 text at byte 2");
  }
}
