package io.millrace.tools.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;
import org.jsoup.Jsoup;

/**
 * Reads the text of a file: plain text and Markdown as they are, HTML and PDF without their form.
 */
final class TextExtractor {
  /** A file is in memory as a whole, and its text once more. */
  static final long MAX_FILE_BYTES = 128L << 20;

  private static final String BETWEEN_PARAGRAPHS = "\n\n";

  /** A line of Chinese that is continued needs no space. */
  private static final Pattern SPACED_HAN = Pattern.compile("(?<=\\p{IsHan}) (?=\\p{IsHan})");

  private TextExtractor() {}

  /**
   * @throws UnreadableDocumentException if there is no text to be had
   */
  static String read(DocumentFile file) throws UnreadableDocumentException {
    Path path = Path.of(file.path());
    try {
      long size = Files.size(path);
      if (size > MAX_FILE_BYTES) {
        throw new UnreadableDocumentException(
            file.id() + " has " + size + " bytes, files of up to " + MAX_FILE_BYTES + " are read");
      }
      byte[] bytes = Files.readAllBytes(path);
      String text =
          switch (file.kind()) {
            case TEXT -> plain(file, bytes);
            case HTML ->
                HtmlText.of(Jsoup.parse(new ByteArrayInputStream(bytes), null, "")).strip();
            case PDF -> pdf(file, bytes);
          };
      if (text.isBlank()) {
        throw new UnreadableDocumentException(
            file.id()
                + " has no text"
                + (file.kind() == DocumentFile.Kind.PDF ? ": are its pages images?" : ""));
      }
      return text;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // A broken file may do anything to its parser, but only to its own document.
      throw new UnreadableDocumentException(file.id() + " cannot be read: " + e, e);
    }
  }

  private static String plain(DocumentFile file, byte[] bytes) throws UnreadableDocumentException {
    boolean big = bytes.length >= 2 && bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF;
    boolean little = bytes.length >= 2 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE;
    Charset charset = big || little ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    try {
      String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new UnreadableDocumentException(
          file.id() + " is not UTF-8: convert it, as with iconv -t UTF-8", e);
    }
  }

  private static String pdf(DocumentFile file, byte[] bytes)
      throws IOException, UnreadableDocumentException {
    try (PDDocument document = Loader.loadPDF(bytes)) {
      PDFTextStripper stripper = new PDFTextStripper();
      // Lines of a paragraph are one text again.
      stripper.setLineSeparator(" ");
      stripper.setParagraphEnd(BETWEEN_PARAGRAPHS);
      stripper.setPageEnd(BETWEEN_PARAGRAPHS);
      return SPACED_HAN.matcher(stripper.getText(document)).replaceAll("").strip();
    } catch (InvalidPasswordException e) {
      throw new UnreadableDocumentException(
          file.id() + " is encrypted: remove its password first", e);
    }
  }
}
