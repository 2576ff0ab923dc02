package io.millrace.tools.files;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

/** The encoding that an HTML page says it is in. */
final class HtmlCharset {
  /** Browsers look no further than a page's beginning either. */
  private static final int BEGINNING = 8 << 10;

  private static final Pattern CHARSET = Pattern.compile("charset\\s*=\\s*[\"']?\\s*([^\\s\"';]+)");
  private static final Pattern XML =
      Pattern.compile("^<\\?xml[^>]*encoding\\s*=\\s*[\"']([^\"']+)");

  /** Where a page's word for an encoding means a larger one than Java's (WHATWG, labels). */
  private static final Map<String, String> MEANT =
      Map.ofEntries(
          Map.entry("US-ASCII", "windows-1252"),
          Map.entry("ISO-8859-1", "windows-1252"),
          Map.entry("ISO-8859-9", "windows-1254"),
          Map.entry("TIS-620", "x-windows-874"),
          Map.entry("GB2312", "GB18030"),
          Map.entry("GBK", "GB18030"),
          Map.entry("Big5", "Big5-HKSCS"),
          Map.entry("EUC-KR", "x-windows-949"),
          Map.entry("Shift_JIS", "windows-31j"));

  private HtmlCharset() {}

  /** Empty where the page says nothing, nothing that is known, or UTF-16, which it cannot be in. */
  static Optional<Charset> declared(byte[] page) {
    int length = Math.min(page.length, BEGINNING);
    String beginning = new String(page, 0, length, StandardCharsets.ISO_8859_1);
    for (Element meta : Jsoup.parse(beginning).select("meta[charset], meta[http-equiv]")) {
      String label = meta.attr("charset");
      if (label.isEmpty() && meta.attr("http-equiv").equalsIgnoreCase("content-type")) {
        Matcher found = CHARSET.matcher(meta.attr("content").toLowerCase(Locale.ROOT));
        label = found.find() ? found.group(1) : "";
      }
      if (!label.isEmpty()) {
        return charset(label);
      }
    }
    Matcher xml = XML.matcher(beginning);
    return xml.find() ? charset(xml.group(1)) : Optional.empty();
  }

  private static Optional<Charset> charset(String label) {
    try {
      Charset named = Charset.forName(label.strip());
      boolean wide = named.name().startsWith("UTF-16") || named.name().startsWith("UTF-32");
      return wide
          ? Optional.empty()
          : Optional.of(Charset.forName(MEANT.getOrDefault(named.name(), named.name())));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }
}
