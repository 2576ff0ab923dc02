package io.millrace.tools.files;

import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;

/** The text of a PDF, of which no page is lost without a word. */
final class PdfText {
  private static final String BETWEEN_PARAGRAPHS = "\n\n";

  /** A line of Chinese that is continued needs no space. */
  private static final Pattern SPACED_HAN = Pattern.compile("(?<=\\p{IsHan}) (?=\\p{IsHan})");

  private PdfText() {}

  /**
   * @throws BrokenFileException if part of the file is missing or damaged, or it becomes too large
   */
  static FileText read(byte[] bytes) throws IOException {
    try (PDDocument document = new PdfFileParser(bytes).parse()) {
      PdfStreams streams = new PdfStreams();
      int number = 0;
      for (PDPage page : document.getPages()) {
        streams.check(page, ++number);
      }
      PdfTextStripper stripper = new PdfTextStripper();
      // Lines of a paragraph are one text again.
      stripper.setLineSeparator(" ");
      stripper.setParagraphEnd(BETWEEN_PARAGRAPHS);
      stripper.setPageEnd(BETWEEN_PARAGRAPHS);
      String text = SPACED_HAN.matcher(stripper.getText(document)).replaceAll("").strip();
      return new FileText(text, stripper.pagesWithoutText());
    }
  }
}
