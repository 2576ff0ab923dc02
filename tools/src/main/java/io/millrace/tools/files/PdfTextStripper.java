package io.millrace.tools.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.pdfbox.contentstream.operator.MissingOperandException;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.contentstream.operator.OperatorName;
import org.apache.pdfbox.contentstream.operator.state.EmptyGraphicsStackException;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.util.Matrix;
import org.apache.pdfbox.util.Vector;

/** Notices the pages that show what it can get no text of, and keeps a page within bounds. */
final class PdfTextStripper extends PDFTextStripper {
  /** Letters of a page, each of which takes some hundred bytes until the page ends. */
  static final int MAX_PAGE_LETTERS = 250_000;

  /** Letters of a file: more than a hundred books. */
  static final int MAX_FILE_LETTERS = 32 << 20;

  /** Forms may draw forms that draw forms, so that a small file has work without end. */
  private static final int MAX_PAGE_OPERATORS = 16 << 20;

  /** One letter alone that no one knows may be the mark of a list. */
  private static final int LOST_TEXT = 2;

  private static final Set<String> PAINTING =
      Set.of(
          OperatorName.DRAW_OBJECT,
          OperatorName.BEGIN_INLINE_IMAGE,
          OperatorName.SHADING_FILL,
          OperatorName.FILL_NON_ZERO,
          OperatorName.LEGACY_FILL_NON_ZERO,
          OperatorName.FILL_EVEN_ODD,
          OperatorName.FILL_NON_ZERO_AND_STROKE,
          OperatorName.FILL_EVEN_ODD_AND_STROKE,
          OperatorName.CLOSE_FILL_NON_ZERO_AND_STROKE,
          OperatorName.CLOSE_FILL_EVEN_ODD_AND_STROKE,
          OperatorName.STROKE_PATH,
          OperatorName.CLOSE_AND_STROKE);

  private final FontUnicode unicodes = new FontUnicode();
  private final List<Integer> pagesWithoutText = new ArrayList<>();
  private boolean painted;
  private int pageLetters;
  private int pageOperators;
  private long fileLetters;
  private int readable;
  private int unreadableInARow;
  private int longestUnreadable;

  /** The numbers, from 1, of the pages that show something of which text is missing. */
  List<Integer> pagesWithoutText() {
    return pagesWithoutText;
  }

  @Override
  protected void startPage(PDPage page) throws IOException {
    painted = false;
    pageLetters = 0;
    pageOperators = 0;
    readable = 0;
    unreadableInARow = 0;
    longestUnreadable = 0;
    super.startPage(page);
  }

  @Override
  protected void endPage(PDPage page) throws IOException {
    boolean nothing = readable == 0 && (painted || longestUnreadable > 0);
    if (nothing || longestUnreadable >= LOST_TEXT) {
      pagesWithoutText.add(getCurrentPageNo());
    }
    super.endPage(page);
  }

  @Override
  protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
    if (++pageOperators > MAX_PAGE_OPERATORS) {
      throw new BrokenFileException(
          "page " + getCurrentPageNo() + " takes more than " + MAX_PAGE_OPERATORS + " operators");
    }
    painted |= PAINTING.contains(operator.getName());
    super.processOperator(operator, operands);
  }

  /** PDFBox goes on behind most faults; only those that cost no text are let pass. */
  @Override
  protected void operatorException(Operator operator, List<COSBase> operands, IOException fault)
      throws IOException {
    if (fault instanceof MissingOperandException || fault instanceof EmptyGraphicsStackException) {
      super.operatorException(operator, operands, fault);
    } else {
      throw fault;
    }
  }

  @Override
  protected void showText(byte[] string) throws IOException {
    if (getGraphicsState().getTextState().getFont() == null) {
      // Its letters are codes of a font that is not there.
      unreadable(string.length);
    } else {
      super.showText(string);
    }
  }

  @Override
  protected void showGlyph(Matrix matrix, PDFont font, int code, Vector displacement)
      throws IOException {
    if (++pageLetters > MAX_PAGE_LETTERS) {
      throw new BrokenFileException(
          "page " + getCurrentPageNo() + " has more than " + MAX_PAGE_LETTERS + " letters");
    }
    if (++fileLetters > MAX_FILE_LETTERS) {
      throw new BrokenFileException("it has more than " + MAX_FILE_LETTERS + " letters");
    }
    String unicode = unicodes.of(font, code);
    if (unicode == null) {
      // Never what PDFBox makes of it, which is the code as if it were Unicode.
      unreadable(1);
    } else {
      unreadableInARow = 0;
      readable += unicode.isBlank() ? 0 : 1;
      super.showGlyph(matrix, font, code, displacement);
    }
  }

  private void unreadable(int letters) {
    unreadableInARow += letters;
    longestUnreadable = Math.max(longestUnreadable, unreadableInARow);
  }
}
