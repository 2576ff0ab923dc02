package io.millrace.tools.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.jsoup.Jsoup;

/**
 * Reads the text of a file: plain text and Markdown as they are, HTML and PDF without their form.
 */
final class TextExtractor {
  /** A file is in memory as a whole, and its text once more. */
  static final long MAX_FILE_BYTES = 128L << 20;

  /** Each tag takes a hundred bytes and more when a page is parsed. */
  static final int MAX_HTML_TAGS = 2 << 20;

  private TextExtractor() {}

  /**
   * @throws UnreadableDocumentException if there is no text to be had
   */
  static FileText read(DocumentFile file) throws UnreadableDocumentException {
    try {
      return text(file);
    } catch (InvalidPasswordException e) {
      throw new UnreadableDocumentException(
          file.id() + " is encrypted: remove its password first", e);
    } catch (BrokenFileException e) {
      throw new UnreadableDocumentException(file.id() + " cannot be read: " + e.getMessage(), e);
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      // A broken file may do anything to its parser, but only to its own document.
      String broken = file.kind() == DocumentFile.Kind.PDF ? "it is broken: " : "";
      throw new UnreadableDocumentException(file.id() + " cannot be read: " + broken + e, e);
    }
  }

  private static FileText text(DocumentFile file) throws IOException, UnreadableDocumentException {
    Path path = Path.of(file.path());
    long size = Files.size(path);
    if (size > MAX_FILE_BYTES) {
      throw new UnreadableDocumentException(
          file.id() + " has " + size + " bytes, files of up to " + MAX_FILE_BYTES + " are read");
    }
    byte[] bytes = Files.readAllBytes(path);
    FileText text =
        switch (file.kind()) {
          case TEXT -> new FileText(TextEncoding.plain(bytes));
          case HTML -> new FileText(html(bytes));
          case PDF -> PdfText.read(bytes);
        };
    if (text.text().isBlank()) {
      throw new UnreadableDocumentException(
          file.id()
              + " has no text"
              + (text.pagesWithoutText().isEmpty()
                  ? ""
                  : ": its pages are images, or in fonts without a Unicode map"));
    }
    return text;
  }

  private static String html(byte[] bytes) throws BrokenFileException {
    String page = TextEncoding.html(bytes);
    if (page.chars().filter(c -> c == '<').count() > MAX_HTML_TAGS) {
      throw new BrokenFileException("it has more than " + MAX_HTML_TAGS + " tags");
    }
    return HtmlText.of(Jsoup.parse(page)).strip();
  }
}
