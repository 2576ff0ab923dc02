package io.millrace.tools.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.filter.Filter;
import org.apache.pdfbox.filter.FilterFactory;
import org.apache.pdfbox.pdmodel.PDPage;

/**
 * Checks the streams that the text of a page is made of, before PDFBox reads them: it takes what
 * comes before a fault for the whole, and unpacks without a bound.
 */
final class PdfStreams {
  /** What a stream may be when it is unpacked: that of a large page is some megabytes. */
  static final int MAX_BYTES = 64 << 20;

  /** A deflated stream begins with two bytes that only matter to a checksum. */
  private static final int ZLIB_HEADER = 2;

  private static final int BUFFER = 1 << 16;

  private final Set<COSBase> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * @param number of the page, from 1, for errors
   * @throws BrokenFileException if a stream is missing, damaged, cut or too large
   */
  void check(PDPage page, int number) throws IOException {
    String name = "page " + number;
    COSDictionary dictionary = page.getCOSObject();
    if (dictionary.containsKey(COSName.CONTENTS)) {
      COSBase contents = dictionary.getDictionaryObject(COSName.CONTENTS);
      if (contents instanceof COSArray parts) {
        for (int i = 0; i < parts.size(); i++) {
          content(parts.getObject(i), name);
        }
      } else {
        content(contents, name);
      }
    }
    resources(page.getResources() == null ? null : page.getResources().getCOSObject(), name);
  }

  private void content(COSBase base, String name) throws IOException {
    if (!(base instanceof COSStream stream)) {
      throw new BrokenFileException("it is broken: the contents of " + name + " are missing");
    }
    if (seen.add(stream)) {
      unpack(stream, name, true);
    }
  }

  /** Forms are drawn as pages are; of fonts only the size is checked, since others stand in. */
  private void resources(COSDictionary resources, String name) throws IOException {
    if (resources == null || !seen.add(resources)) {
      return;
    }
    for (COSDictionary object : dictionaries(resources, COSName.XOBJECT)) {
      boolean form = COSName.FORM.equals(object.getCOSName(COSName.SUBTYPE));
      if (form && object instanceof COSStream stream && seen.add(stream)) {
        unpack(stream, name, true);
        resources(stream.getCOSDictionary(COSName.RESOURCES), name);
      }
    }
    for (COSDictionary font : dictionaries(resources, COSName.FONT)) {
      sizes(font, name);
    }
  }

  private static List<COSDictionary> dictionaries(COSDictionary resources, COSName kind) {
    List<COSDictionary> found = new ArrayList<>();
    COSDictionary named = resources.getCOSDictionary(kind);
    if (named != null) {
      for (COSName name : named.keySet()) {
        if (named.getDictionaryObject(name) instanceof COSDictionary dictionary) {
          found.add(dictionary);
        }
      }
    }
    return found;
  }

  /** All streams that belong to a font. */
  private void sizes(COSBase base, String name) throws IOException {
    if (base == null || !seen.add(base)) {
      return;
    }
    if (base instanceof COSStream stream) {
      unpack(stream, name, false);
    }
    if (base instanceof COSArray items) {
      for (int i = 0; i < items.size(); i++) {
        sizes(items.getObject(i), name);
      }
    } else if (base instanceof COSDictionary dictionary) {
      for (COSName key : dictionary.keySet()) {
        if (!COSName.PARENT.equals(key) && !COSName.RESOURCES.equals(key)) {
          sizes(dictionary.getDictionaryObject(key), name);
        }
      }
    }
  }

  /** Applies all filters as PDFBox will do. */
  private static void unpack(COSStream stream, String name, boolean strict) throws IOException {
    COSBase filters = stream.getFilters();
    List<COSName> names = new ArrayList<>();
    if (filters instanceof COSName filter) {
      names.add(filter);
    } else if (filters instanceof COSArray array) {
      array.toList().stream()
          .filter(COSName.class::isInstance)
          .forEach(f -> names.add((COSName) f));
    }
    byte[] bytes;
    try (InputStream raw = stream.createRawInputStream()) {
      bytes = raw.readAllBytes();
    }
    for (int i = 0; i < names.size(); i++) {
      BoundedOutput out = new BoundedOutput(MAX_BYTES, "a stream of " + name);
      try {
        if (names.get(i).equals(COSName.FLATE_DECODE)
            || names.get(i).equals(COSName.FLATE_DECODE_ABBREVIATION)) {
          inflate(bytes, out, strict);
        } else {
          Filter filter = FilterFactory.INSTANCE.getFilter(names.get(i));
          filter.decode(new ByteArrayInputStream(bytes), out, stream, i);
        }
      } catch (BrokenFileException e) {
        throw e;
      } catch (IOException | DataFormatException e) {
        if (strict) {
          throw new BrokenFileException(
              "it is broken: a stream of " + name + " cannot be unpacked: " + e.getMessage(), e);
        }
      }
      bytes = out.toByteArray();
    }
  }

  /** Leaves the checksum alone, which many programs write wrongly. */
  private static void inflate(byte[] bytes, BoundedOutput out, boolean strict)
      throws IOException, DataFormatException {
    Inflater inflater = new Inflater(true);
    try {
      int start = Math.min(ZLIB_HEADER, bytes.length);
      inflater.setInput(bytes, start, bytes.length - start);
      byte[] buffer = new byte[BUFFER];
      while (!inflater.finished()) {
        int length = inflater.inflate(buffer);
        out.write(buffer, 0, length);
        if (length == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          if (strict && bytes.length > 0) {
            throw new DataFormatException("it ends in the middle");
          }
          return;
        }
      }
    } finally {
      inflater.end();
    }
  }
}
