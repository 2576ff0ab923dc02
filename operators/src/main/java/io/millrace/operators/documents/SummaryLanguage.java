package io.millrace.operators.documents;

import java.util.Locale;
import java.util.Optional;

/** A language that there are prompts for. */
public enum SummaryLanguage {
  EN,
  ZH;

  /** So much is enough to tell a language by. */
  private static final int SAMPLE = 10_000;

  private static final double CHINESE_SHARE = 0.2;

  /** The language of a BCP 47 tag such as en-GB or zh-Hans. */
  static Optional<SummaryLanguage> ofTag(String tag) {
    return switch (Locale.forLanguageTag(tag).getLanguage()) {
      case "en" -> Optional.of(EN);
      case "zh" -> Optional.of(ZH);
      default -> Optional.empty();
    };
  }

  /** Chinese where every fifth letter is; otherwise English. */
  static SummaryLanguage of(String text) {
    String sample = text.substring(0, Math.min(text.length(), SAMPLE));
    long letters = sample.codePoints().filter(Character::isLetter).count();
    long han =
        sample
            .codePoints()
            .filter(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN)
            .count();
    return han > CHINESE_SHARE * letters ? ZH : EN;
  }

  /** Its BCP 47 tag. */
  String tag() {
    return this == ZH ? "zh" : "en";
  }

  /** What stands between two sentences. */
  String space() {
    return this == ZH ? "" : " ";
  }
}
