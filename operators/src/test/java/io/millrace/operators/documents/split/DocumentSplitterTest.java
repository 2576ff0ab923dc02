package io.millrace.operators.documents.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.tokenize.Tokenizer;
import io.millrace.engine.tokenize.Tokenizers;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the built-in model's tokenizer. */
class DocumentSplitterTest {
  private static final Path MODEL = Path.of("..", "models", "millrace-tiny", "int8");
  private static final String PROMPT = "Summarize the following report.\n";
  private static final String[] PARTS = {
    "The bridge in Paris was opened in 1987. ",
    "It rained; nobody cared! ",
    "“Quoted speech?” she asked. ",
    "这座桥在巴黎。项目负责人是王伟！费用为三百万元；",
    "资金来自银行？\n",
    "\n\n",
    "\r\n\r\n",
    "| a | b |\n| - | - |\n| 1 | 2 |\n",
    "```java\nint x = 1;\n\nx++;\n```\n",
    "~~~\nan open fence\n",
    "\uD83D\uDE00\uD83D\uDE80 emoji \uD83D\uDC69\u200D\uD83D\uDCBB. ",
    "a".repeat(700),
    "e\u0301\u0301 zalgo\t\t ",
    "   ",
    "\uD800 a lone half. ",
    "汉".repeat(300),
    "- a list\n- of things\n",
  };

  private static Tokenizer tokenizer;

  @BeforeAll
  static void open() throws Exception {
    tokenizer = Tokenizers.open(MODEL, PreparedModel.open(MODEL).manifest());
  }

  /** Tokens that a chunk adds to its prompt, counted in the prompt. */
  private static final ToIntFunction<String> IN_PROMPT =
      text -> tokenizer.encode(PROMPT + text).length - tokenizer.encode(PROMPT).length;

  @ParameterizedTest
  @ValueSource(ints = {32, 57, 120, 400})
  void shouldLoseNoCharacterAndKeepTheLimitWhateverTheText(int limit) {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed * 1000L + limit);
      StringBuilder text = new StringBuilder();
      int parts = random.nextInt(60);
      for (int i = 0; i < parts; i++) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      int overlap = random.nextInt(limit / 2 + 1);
      check(text.toString(), limit, overlap, "seed " + seed + " overlap " + overlap);
    }
  }

  private static void check(String text, int limit, int overlap, String name) {
    List<TextSpan> chunks = new DocumentSplitter(IN_PROMPT, limit, overlap).split(text);
    int reached = 0;
    for (TextSpan chunk : chunks) {
      assertThat(chunk.start()).as("%s: a gap before %s", name, chunk).isBetween(0, reached);
      assertThat(chunk.end()).as("%s: no progress at %s", name, chunk).isGreaterThan(reached);
      assertThat(IN_PROMPT.applyAsInt(chunk.of(text)))
          .as("%s: tokens of %s", name, chunk)
          .isLessThanOrEqualTo(limit);
      reached = chunk.end();
    }
    assertThat(reached).as("%s: the end", name).isEqualTo(text.length());
  }

  @Test
  void shouldCutBetweenParagraphs() {
    String paragraph = "The bridge was opened in 1987. It is long and old.\n\n";
    String text = paragraph.repeat(9);
    for (TextSpan chunk : new DocumentSplitter(IN_PROMPT, 64, 0).split(text)) {
      assertThat(chunk.start() % paragraph.length()).isZero();
      assertThat(chunk.length()).isGreaterThan(paragraph.length());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"The bridge was opened in 1987. ", "这座桥在一九八七年开放。"})
  void shouldCutALongParagraphBetweenSentences(String sentence) {
    String text = sentence.repeat(40).strip();
    List<TextSpan> chunks = new DocumentSplitter(IN_PROMPT, 64, 0).split(text);
    assertThat(chunks).hasSizeGreaterThan(3);
    for (TextSpan chunk : chunks) {
      assertThat(chunk.of(text).strip())
          .endsWith(sentence.strip().substring(sentence.length() - 3));
      assertThat(chunk.of(text).strip()).startsWith(sentence.substring(0, 3));
    }
  }

  @Test
  void shouldRepeatWholeSentencesAsOverlap() {
    String text = "The bridge was opened in 1987. ".repeat(40).strip();
    List<TextSpan> chunks = new DocumentSplitter(IN_PROMPT, 64, 20).split(text);
    for (int i = 1; i < chunks.size(); i++) {
      TextSpan shared = new TextSpan(chunks.get(i).start(), chunks.get(i - 1).end());
      assertThat(shared.length()).isPositive();
      assertThat(IN_PROMPT.applyAsInt(shared.of(text))).isBetween(1, 20);
      assertThat(shared.of(text).strip()).startsWith("The bridge").endsWith("1987.");
    }
  }

  @Test
  void shouldKeepTablesAndFencedCodeWhole() {
    String table = "| year | cost |\n| --- | --- |\n| 1987 | 12 |\n| 1988 | 13 |\n";
    String code = "```\nfor (int i = 0; i < 3; i++) {\n\n  run. Then. Stop.\n}\n```\n";
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      text.append("Some words stand here. More of them follow. ".repeat(1 + i % 3)).append("\n\n");
      text.append(table).append('\n').append(code).append('\n');
    }
    String document = text.toString();
    List<TextSpan> chunks = new DocumentSplitter(IN_PROMPT, 150, 0).split(document);
    assertThat(chunks).hasSizeGreaterThan(6);
    int whole = 0;
    for (TextSpan chunk : chunks) {
      String part = chunk.of(document);
      whole += count(part, table) + count(part, code);
    }
    assertThat(whole).as("tables and fences in one piece").isEqualTo(24);
  }

  @Test
  void shouldCutATableThatFitsNowhereBetweenItsRows() {
    String row = "| 1987 | the bridge | twelve |\n";
    String text = row.repeat(60);
    for (TextSpan chunk : new DocumentSplitter(IN_PROMPT, 100, 0).split(text)) {
      assertThat(chunk.start() % row.length()).isZero();
    }
  }

  @Test
  void shouldEncodeALongDocumentOnlyAFewTimes() {
    String text = "The bridge in Paris was opened in 1987.\n".repeat(4_000) + "x".repeat(50_000);
    long[] encoded = {0};
    ToIntFunction<String> counter =
        part -> {
          encoded[0] += part.length();
          return part.length() > 10_000 && part.startsWith("xxxx")
              ? Integer.MAX_VALUE
              : tokenizer.encode(part).length;
        };
    new DocumentSplitter(counter, 400, 40).split(text);
    assertThat(encoded[0]).isLessThan(6L * text.length());
  }

  @Test
  void shouldNameTheSettingsOfAnImpossibleSplit() {
    assertThatThrownBy(() -> new DocumentSplitter(IN_PROMPT, 20, 0))
        .hasMessageContaining("room for 20 tokens")
        .hasMessageContaining("documents.chunk-tokens");
    assertThatThrownBy(() -> new DocumentSplitter(IN_PROMPT, 100, 51))
        .hasMessageContaining("documents.overlap-tokens is 51");
  }

  private static int count(String text, String part) {
    return (text.length() - text.replace(part, "").length()) / part.length();
  }
}
