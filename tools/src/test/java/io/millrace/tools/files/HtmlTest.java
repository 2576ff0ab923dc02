package io.millrace.tools.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlTest {

  @ParameterizedTest
  @CsvSource({
    "utf-8, windows-1252",
    "utf-16, UTF-8",
    "utf-16le, windows-1252",
    "iso-8859-1, windows-1252",
    "iso-8859-2, iso-8859-2",
    "x-user-defined, windows-1252",
    "no-such-charset, UTF-8",
    "utf-8, UTF-16",
    "utf-8, UTF-16LE"
  })
  void shouldReadAPageWhateverItSaysOfItself(String says, String is) throws Exception {
    String page =
        "<html><head><meta charset=%s></head><body><p>Le café coûte dix</p></body></html>";
    String text = is.equals("iso-8859-2") ? page.replace('û', 'ű') : page;
    byte[] bytes = text.formatted(says).getBytes(Charset.forName(is));

    assertThat(TextEncoding.html(bytes)).isEqualTo(text.formatted(says));
  }

  @Test
  void shouldBelieveWhatAPageSaysInEveryForm() throws Exception {
    byte[] chinese = "<meta charset='gb2312'><p>水流不息，朱镕基".getBytes("GB18030");
    assertThat(TextEncoding.html(chinese)).contains("水流不息，朱镕基");
    byte[] old =
        "<!-- <meta charset=utf-8> --><META http-equiv=Content-Type content='text/html; Charset=koi8-r'>мир"
            .getBytes("KOI8-R");
    assertThat(TextEncoding.html(old)).endsWith("мир");
    byte[] xhtml = "<?xml version='1.0' encoding='Shift_JIS'?><html>①水".getBytes("windows-31j");
    assertThat(TextEncoding.html(xhtml)).endsWith("①水");
    byte[] quotes = "<meta charset=latin1>“10 €”".getBytes("windows-1252");
    assertThat(TextEncoding.html(quotes)).endsWith("“10 €”");
  }

  @Test
  void shouldRefuseUtf8WithDamageInsteadOfGarblingAllOfIt() {
    byte[] damaged = "<meta charset=utf-8><p>水流不息".getBytes(StandardCharsets.UTF_8);
    damaged[damaged.length - 1] = 'x';
    assertThatThrownBy(() -> TextEncoding.html(damaged))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("is in none of UTF-8");
  }

  @Test
  void shouldTellANestedTableOnce() {
    assertThat(
            text(
                """
                <table><caption>Outer</caption><tr><td>one<table><tr><td>two
                <table><caption>Inner</caption><tr><th>a</th><th>b</th></tr><tr><td>3</td><td>4</td></tr></table>
                </td></tr></table></td><td>beside</td></tr><tr><td>5</td><td>6</td></tr></table>"""))
        .isEqualTo(
            """
            Outer

            one

            two

            Inner

            | a | b |
            | 3 | 4 |

            beside

            | 5 | 6 |""");
  }

  @Test
  void shouldKeepTheCaptionAndAllPartsOfATable() {
    assertThat(
            text(
                """
                <p>Before.</p><table><caption>Costs <b>in 2024</b></caption><thead><tr><th>x</th></tr></thead>
                <tbody><tr><td>1</td></tr></tbody><tfoot><tr><td>2</td></tr></tfoot></table>After."""))
        .isEqualTo("Before.\n\nCosts in 2024\n\n| x |\n| 1 |\n| 2 |\n\nAfter.");
  }

  private static String text(String html) {
    return HtmlText.of(Jsoup.parse(html)).strip();
  }
}
