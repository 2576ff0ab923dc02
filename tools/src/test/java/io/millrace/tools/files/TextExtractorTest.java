package io.millrace.tools.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextExtractorTest {
  private static final Path EXAMPLES = Path.of("..", "examples", "documents");

  @TempDir Path directory;

  @Test
  void shouldTakePlainTextAndMarkdownAsTheyAre() throws Exception {
    String text = "# Titel\n\nÄ 你好 \uD83D\uDE00\n| a | b |\n";
    assertThat(read("a.md", text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    assertThat(read("b.txt", ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    assertThat(read("c.txt", text.getBytes(StandardCharsets.UTF_16))).isEqualTo(text);
    assertThat(read("noname", text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
  }

  @Test
  void shouldKeepTheParagraphsTablesAndCodeOfHtml() throws Exception {
    String page =
        """
        <html><head><title>no</title><style>p {}</style></head><body><nav>no</nav>
        <h2>A  <i>head</i></h2>some <b>bold</b> words<p>One.<br>Two.</p>
        <ul><li>first</li><li>second</li></ul>
        <table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td>3</td></tr></table>
        <pre>x = 1

          y</pre><script>no()</script></body></html>""";
    assertThat(read("p.html", page.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(
            """
            ## A head

            some bold words

            One.
            Two.

            - first
            - second

            | a | b |
            | 1\\|2 | 3 |

            ```
            x = 1

              y
            ```""");
  }

  @Test
  void shouldJoinTheLinesOfAPdfsParagraphs() throws Exception {
    DocumentFile file = new DocumentFile("school.pdf", EXAMPLES.resolve("school.pdf").toString());
    String text = TextExtractor.read(file).text();
    assertThat(text).startsWith("Report on the school. The garden looked nice. The new school in");
    assertThat(text).contains("in Porto was started in 2011. The neighbors were friendly.");
    assertThat(text).contains("near the gate.").endsWith("to paint the walls.");
  }

  @Test
  void shouldSayWhyAPdfCannotBeRead() throws Exception {
    Path locked = directory.resolve("locked.pdf");
    try (PDDocument document = new PDDocument()) {
      document.addPage(new PDPage());
      document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
      document.save(locked.toFile());
    }
    refuses("locked.pdf", Files.readAllBytes(locked), "locked.pdf is encrypted: remove its");
    byte[] whole = Files.readAllBytes(EXAMPLES.resolve("school.pdf"));
    refuses("broken.pdf", "%PDF-1.7 garbage".getBytes(), "broken.pdf cannot be read");
    refuses("half.pdf", Arrays.copyOf(whole, 200), "half.pdf cannot be read: it is broken");
    Path blank = directory.resolve("blank.pdf");
    try (PDDocument document = new PDDocument()) {
      document.addPage(new PDPage());
      document.save(blank.toFile());
    }
    assertThat(Loader.loadPDF(blank.toFile()).getNumberOfPages()).isOne();
    refuses("blank.pdf", Files.readAllBytes(blank), "blank.pdf has no text");
  }

  @Test
  void shouldReadUtf16WithoutAByteOrderMarkAndNeverZeros() throws Exception {
    String text = "The bridge costs 45 million.\n桥梁耗资 4500 万。";
    assertThat(read("le.txt", text.getBytes(StandardCharsets.UTF_16LE))).isEqualTo(text);
    assertThat(read("be.md", text.getBytes(StandardCharsets.UTF_16BE))).isEqualTo(text);
    String page = "<p>" + text + "</p>";
    assertThat(read("le.html", page.getBytes(StandardCharsets.UTF_16LE))).contains("45 million");
    refuses("zero.txt", "one\0two".getBytes(StandardCharsets.UTF_8), "no text in UTF-8 or UTF-16");
    refuses("zeros.txt", "a\0\0b".getBytes(StandardCharsets.UTF_16LE), "no text in UTF-8");
    refuses("32.txt", "text".getBytes(Charset.forName("UTF-32LE")), "no text in UTF-8 or UTF-16");
  }

  @Test
  void shouldRefuseHtmlOfTooManyTags() {
    byte[] page = "<b>".repeat(TextExtractor.MAX_HTML_TAGS + 1).getBytes(StandardCharsets.UTF_8);
    refuses("tags.html", page, "tags.html cannot be read: it has more than 2097152 tags");
  }

  @Test
  void shouldSayWhyATextCannotBeRead() throws Exception {
    refuses("latin.txt", "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1), "is not UTF-8");
    refuses("empty.txt", new byte[0], "empty.txt has no text");
    assertThatThrownBy(() -> TextExtractor.read(new DocumentFile("x.txt", "/no/such/x.txt")))
        .isInstanceOf(UnreadableDocumentException.class)
        .hasMessageContaining("x.txt cannot be read");
  }

  @Test
  void shouldFindReadableFilesInOrderAndNameThem() throws Exception {
    for (String name : List.of("b/2.md", "b/1.txt", "a.HTML", "b/image.png", "b/.hidden.txt")) {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
    Path image = directory.resolve("b/image.png");
    assertThat(DocumentFile.find(List.of(directory.resolve("b"), directory, image)))
        .extracting(file -> Path.of(file.path()).getFileName().toString())
        .containsExactly("1.txt", "2.md", "a.HTML", "image.png");
    assertThatThrownBy(() -> DocumentFile.find(List.of(directory.resolve("nothing"))))
        .hasMessageContaining("no file ");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertThatThrownBy(() -> DocumentFile.find(List.of(empty)))
        .hasMessageContaining(".txt, .md, .html or .pdf");
  }

  private void refuses(String name, byte[] contents, String message) {
    assertThatThrownBy(() -> read(name, contents))
        .isInstanceOf(UnreadableDocumentException.class)
        .hasMessageContaining(message);
  }

  private String read(String name, byte[] contents)
      throws IOException, UnreadableDocumentException {
    Path file = directory.resolve(name);
    Files.write(file, contents);
    return TextExtractor.read(new DocumentFile(name, file.toString())).text();
  }
}
