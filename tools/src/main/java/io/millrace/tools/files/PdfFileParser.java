package io.millrace.tools.files;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdfparser.PDFParser;

/** Parses a PDF as leniently as PDFBox does, but lets no page go missing. */
final class PdfFileParser extends PDFParser {

  PdfFileParser(byte[] bytes) throws IOException {
    super(new RandomAccessReadBuffer(bytes));
  }

  /** PDFBox drops the pages of a damaged file that it cannot find: they are counted before. */
  @Override
  protected void checkPages(COSDictionary root) throws IOException {
    COSDictionary pages = root.getCOSDictionary(COSName.PAGES);
    if (pages == null) {
      throw new BrokenFileException("it is broken: its list of pages is missing");
    }
    int found = count(pages, 0, Collections.newSetFromMap(new IdentityHashMap<>()));
    int promised = pages.getInt(COSName.COUNT, found);
    if (found == 0 || found < promised) {
      throw new BrokenFileException("it is broken: it has " + found + " pages of " + promised);
    }
    super.checkPages(root);
  }

  private static int count(COSDictionary node, int before, Set<COSDictionary> seen)
      throws IOException {
    if (!seen.add(node)) {
      throw new BrokenFileException("it is broken: its list of pages runs in a circle");
    }
    COSArray kids = node.getCOSArray(COSName.KIDS);
    if (kids == null) {
      throw new BrokenFileException("it is broken: its list of pages ends after page " + before);
    }
    int found = before;
    for (int i = 0; i < kids.size(); i++) {
      COSBase kid = kids.getObject(i);
      if (!(kid instanceof COSDictionary page)) {
        throw new BrokenFileException("it is broken: page " + (found + 1) + " is missing");
      }
      if (COSName.PAGES.equals(page.getCOSName(COSName.TYPE)) || page.containsKey(COSName.KIDS)) {
        found = count(page, found, seen);
      } else {
        // PDFBox passes over a page that is not called one.
        page.setItem(COSName.TYPE, COSName.PAGE);
        found++;
      }
    }
    return found;
  }
}
