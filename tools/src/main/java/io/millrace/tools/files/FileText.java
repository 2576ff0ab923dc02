package io.millrace.tools.files;

import java.util.List;

/**
 * What was read of a file.
 *
 * @param text its text
 * @param pagesWithoutText the numbers, from 1, of the pages that show something of which no text,
 *     or not all, could be had: pictures, and letters of a font without a Unicode map
 */
record FileText(String text, List<Integer> pagesWithoutText) {
  FileText(String text) {
    this(text, List.of());
  }
}
