package io.millrace.tools.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.fontbox.cmap.CMap;
import org.apache.fontbox.cmap.CMapParser;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.font.PDCIDFontType2;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.font.encoding.GlyphList;

/** What a font says that its codes mean: never what PDFBox guesses where the font says nothing. */
final class FontUnicode {
  private static final GlyphList GLYPHS = glyphs();

  private static final String IDENTITY = "Identity";

  /** The length of what stands before the name of a font that holds some letters only. */
  private static final int SUBSET_PREFIX = "ABCDEF+".length();

  private final Map<COSDictionary, Optional<CMap>> maps = new IdentityHashMap<>();

  /** The names that PDFBox itself adds to Adobe's. */
  private static GlyphList glyphs() {
    String path = "/org/apache/pdfbox/resources/glyphlist/additional.txt";
    try (InputStream in = GlyphList.class.getResourceAsStream(path)) {
      return new GlyphList(GlyphList.getAdobeGlyphList(), in);
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Null where the font does not tell. */
  String of(PDFont font, int code) throws IOException {
    String unicode = font.toUnicode(code, GLYPHS);
    if (unicode == null || unicode.codePoints().allMatch(FontUnicode::isNoLetter)) {
      return null;
    }
    return font instanceof PDType0Font composite && isGuess(composite, code, unicode)
        ? null
        : unicode;
  }

  private boolean isGuess(PDType0Font font, int code, String unicode) throws IOException {
    if (font.getCOSObject().getDictionaryObject(COSName.TO_UNICODE) instanceof COSStream stream) {
      // PDFBox takes a code that the map leaves out for Unicode.
      return unicode.equals(String.valueOf((char) code))
          && maps.computeIfAbsent(font.getCOSObject(), f -> map(stream))
              .filter(map -> isIdentity(map) || map.toUnicode(code) != null)
              .isEmpty();
    }
    // PDFBox asks the font that stands in for one that is not there, whose numbers are its own.
    return font.getDescendantFont() instanceof PDCIDFontType2 type2
        && !type2.isEmbedded()
        && type2.getCIDSystemInfo() != null
        && IDENTITY.equals(type2.getCIDSystemInfo().getOrdering())
        && !isSame(type2);
  }

  private static Optional<CMap> map(COSStream stream) {
    try (InputStream in = stream.createInputStream();
        RandomAccessReadBuffer bytes = new RandomAccessReadBuffer(in)) {
      return Optional.of(new CMapParser().parse(bytes));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isIdentity(CMap map) {
    return map.getName() != null && map.getName().startsWith(IDENTITY);
  }

  private static boolean isSame(PDCIDFontType2 font) throws IOException {
    String name = font.getName() == null ? "" : font.getName();
    boolean subset = name.length() > SUBSET_PREFIX && name.charAt(SUBSET_PREFIX - 1) == '+';
    return font.getTrueTypeFont() != null
        && (subset ? name.substring(SUBSET_PREFIX) : name).equals(font.getTrueTypeFont().getName());
  }

  /** U+FFFD and controls: what programs write that know no better. */
  private static boolean isNoLetter(int character) {
    return character == 0xFFFD
        || Character.isISOControl(character) && !Character.isWhitespace(character);
  }
}
