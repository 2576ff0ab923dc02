package io.millrace.tools.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No page of a PDF is lost without a word. */
class PdfTextTest {
  private static final String WORDS = "BT /F1 12 Tf 40 700 Td (%s) Tj ET";
  private static final byte[] SECOND =
      WORDS.formatted("Second page.").getBytes(StandardCharsets.ISO_8859_1);

  @Test
  void shouldReadAllPages() throws Exception {
    FileText text = PdfText.read(pages().stream(WORDS.formatted("Second page.")).bytes());
    assertThat(text.text()).contains("First page.", "Second page.");
    assertThat(text.pagesWithoutText()).isEmpty();
  }

  @Test
  void shouldRefuseAPageWhoseStreamIsDamagedOrCut() {
    byte[] random = new byte[4000];
    new Random(1).nextBytes(random);
    for (int i = 0; i < random.length; i++) {
      random[i] = (byte) ('a' + (random[i] & 15));
    }
    byte[] content =
        (WORDS.formatted(new String(random, StandardCharsets.ISO_8859_1)))
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] deflated = RawPdf.deflate(content);
    byte[] damaged = deflated.clone();
    // There are no blocks of this type.
    damaged[2] |= 0b110;

    refuses(pages().stream("/Filter/FlateDecode", damaged), "page 2 cannot be unpacked");
    refuses(
        pages().stream("/Filter/FlateDecode", Arrays.copyOf(deflated, deflated.length / 2)),
        "page 2 cannot be unpacked: it ends in the middle");
    refuses(
        pages().stream("/Filter[/ASCIIHexDecode/FlateDecode]", "78 9c 01 02 ff>".getBytes()),
        "page 2 cannot be unpacked");
  }

  @Test
  void shouldRefuseAFormThatIsDamaged() {
    byte[] deflated = RawPdf.deflate(SECOND);
    RawPdf pdf =
        pdf("/Resources<</XObject<</X 8 0 R>>>>").stream("/X Do").stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Filter/FlateDecode/Resources<</Font<</F1 4 0 R>>>>",
            Arrays.copyOf(deflated, deflated.length / 2));
    refuses(pdf, "page 2 cannot be unpacked");
  }

  @Test
  void shouldRefuseAFileThatLacksAPageOrItsContents() {
    refuses(pages().object(null), "the contents of page 2 are missing");
    RawPdf lost = new RawPdf();
    lost
        .object("<</Type/Catalog/Pages 2 0 R>>")
        .object("<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>")
        .object(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>>>>>")
        .object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
        .stream(WORDS.formatted("First page."))
        .object(null);
    refuses(lost, "page 2 is missing");
  }

  @Test
  void shouldRefuseEveryCutOfAFileOrReadAllOfIt() throws Exception {
    byte[] whole = pages().stream("/Filter/FlateDecode", RawPdf.deflate(SECOND)).bytes();
    String all = PdfText.read(whole).text();
    for (int length = 20; length < whole.length; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      String read;
      try {
        read = PdfText.read(cut).text();
      } catch (IOException e) {
        continue;
      }
      assertThat(read).as("%d bytes of %d", length, whole.length).isEqualTo(all);
    }
  }

  @Test
  void shouldNameThePagesThatAreImages() throws Exception {
    RawPdf pdf =
        pdf("/Resources<</XObject<</X 8 0 R>>>>").stream("q 612 0 0 792 0 0 cm /X Do Q").stream(
            "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8",
            new byte[] {1});
    assertThat(PdfText.read(pdf.bytes()).pagesWithoutText()).containsExactly(2);
    FileText inline = PdfText.read(pages().stream("BI /W 1 /H 1 /CS /G /BPC 8 ID \001 EI").bytes());
    assertThat(inline.pagesWithoutText()).containsExactly(2);
    FileText blank = PdfText.read(pages().stream(" ").bytes());
    assertThat(blank.pagesWithoutText()).as("a page that shows nothing").isEmpty();
  }

  @Test
  void shouldNameThePagesWhoseFontsHaveNoUnicodeMap() throws Exception {
    FileText composite =
        PdfText.read(
            pdf("/Resources<</Font<</F2 8 0 R>>>>").stream(
                    "BT /F2 12 Tf 40 700 Td <00240025002600270028> Tj ET")
                .object(
                    "<</Type/Font/Subtype/Type0/BaseFont/A+Foo/Encoding/Identity-H/DescendantFonts[9 0 R]>>")
                .object(
                    "<</Type/Font/Subtype/CIDFontType2/BaseFont/A+Foo/CIDSystemInfo<</Registry(Adobe)"
                        + "/Ordering(Identity)/Supplement 0>>/DW 600/FontDescriptor 10 0 R>>")
                .object(
                    "<</Type/FontDescriptor/FontName/A+Foo/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0"
                        + "/Ascent 800/Descent -200/CapHeight 700/StemV 80>>")
                .bytes());
    assertThat(composite.pagesWithoutText()).containsExactly(2);
    assertThat(composite.text()).isEqualTo("First page.");
    FileText simple =
        PdfText.read(
            pdf("/Resources<</Font<</F1 4 0 R/F2 8 0 R>>>>").stream(
                    "BT /F1 12 Tf 40 700 Td (Known ) Tj /F2 12 Tf (abab) Tj ET")
                .object(
                    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[97/g17/g18]>>>>")
                .bytes());
    assertThat(simple.pagesWithoutText()).containsExactly(2);
    assertThat(simple.text()).contains("Known").doesNotContain("abab");
    FileText bullet =
        PdfText.read(
            pdf("/Resources<</Font<</F1 4 0 R/F2 8 0 R>>>>").stream(
                    "BT /F2 12 Tf 40 700 Td (a) Tj /F1 12 Tf ( Known) Tj ET")
                .object(
                    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[97/g17]>>>>")
                .bytes());
    assertThat(bullet.pagesWithoutText()).as("the mark of a list").isEmpty();
    FileText absent = PdfText.read(pages().stream("BT /F9 12 Tf 40 700 Td (Lost) Tj ET").bytes());
    assertThat(absent.pagesWithoutText()).as("a font that is not there").containsExactly(2);
  }

  @Test
  void shouldRefuseWhatBecomesTooLarge() {
    byte[] letters = "(aaaaaaaaaa)Tj ".repeat(26_000).getBytes(StandardCharsets.ISO_8859_1);
    byte[] start = "BT /F1 12 Tf ".getBytes(StandardCharsets.ISO_8859_1);
    byte[] content = Arrays.copyOf(start, start.length + letters.length);
    System.arraycopy(letters, 0, content, start.length, letters.length);
    assertThatThrownBy(
            () ->
                PdfText.read(
                    pages().stream("/Filter/FlateDecode", RawPdf.deflate(content)).bytes()))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("page 2 has more than 250000 letters");
    byte[] bomb = RawPdf.deflate(new byte[PdfStreams.MAX_BYTES + 1]);
    assertThatThrownBy(() -> PdfText.read(pages().stream("/Filter/FlateDecode", bomb).bytes()))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("page 2 becomes more than 67108864 bytes");
    byte[] twice = RawPdf.deflate(bomb);
    assertThatThrownBy(
            () -> PdfText.read(pages().stream("/Filter[/FlateDecode/FlateDecode]", twice).bytes()))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("becomes more than");
  }

  @Test
  void shouldReadTheExampleAsBefore() throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of("..", "examples", "documents", "school.pdf"));
    FileText text = PdfText.read(bytes);
    assertThat(text.text()).startsWith("Report on the school.");
    assertThat(text.pagesWithoutText()).isEqualTo(List.of());
  }

  private static void refuses(RawPdf pdf, String message) {
    assertThatThrownBy(() -> PdfText.read(pdf.bytes()))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageStartingWith("it is broken: ")
        .hasMessageContaining(message);
  }

  private static RawPdf pages() {
    return pdf("/Resources<</Font<</F1 4 0 R>>>>");
  }

  /** Two pages, the contents of the second of which are the object that comes next, number 7. */
  private static RawPdf pdf(String resources) {
    return new RawPdf()
            .object("<</Type/Catalog/Pages 2 0 R>>")
            .object("<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>")
            .object(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>>>>>")
            .object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
            .stream(WORDS.formatted("First page."))
            .object(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 7 0 R"
                    + resources
                    + ">>");
  }
}
