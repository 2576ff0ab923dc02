package io.millrace.tools.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rouge-1, Rouge-2 and Rouge-L of a text against a reference, as Google's rouge_score computes
 * them, without stemming. Tokens are words of the letters a to z and digits, in lower case, and
 * every other letter by itself: so English counts words, and Chinese counts characters.
 */
public final class Rouge {
  private static final Pattern TOKEN = Pattern.compile("[a-z0-9]+|[\\p{L}\\p{N}&&[^\\x00-\\x7f]]");

  private Rouge() {}

  /**
   * How well a text covers a reference.
   *
   * @param precision part of the text that is in the reference
   * @param recall part of the reference that is in the text
   */
  public record Score(double precision, double recall) {

    /** The harmonic mean of the two. */
    public double f() {
      double sum = precision + recall;
      return sum == 0 ? 0 : 2 * precision * recall / sum;
    }

    private static Score of(int common, int text, int reference) {
      return text == 0 || reference == 0
          ? new Score(0, 0)
          : new Score((double) common / text, (double) common / reference);
    }
  }

  /** The tokens that are compared. */
  public static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    return tokens;
  }

  /** Rouge-N: runs of n tokens that both have. */
  public static Score n(int n, String reference, String text) {
    Map<List<String>, Integer> wanted = grams(n, tokens(reference));
    Map<List<String>, Integer> found = grams(n, tokens(text));
    int common = 0;
    for (Map.Entry<List<String>, Integer> gram : wanted.entrySet()) {
      common += Math.min(gram.getValue(), found.getOrDefault(gram.getKey(), 0));
    }
    return Score.of(common, count(found), count(wanted));
  }

  /** Rouge-L: the longest sequence of tokens that both have, other tokens between them or not. */
  public static Score l(String reference, String text) {
    List<String> wanted = tokens(reference);
    List<String> found = tokens(text);
    return Score.of(commonSequence(wanted, found), found.size(), wanted.size());
  }

  private static Map<List<String>, Integer> grams(int n, List<String> tokens) {
    Map<List<String>, Integer> grams = new HashMap<>();
    for (int i = 0; i + n <= tokens.size(); i++) {
      grams.merge(tokens.subList(i, i + n), 1, Integer::sum);
    }
    return grams;
  }

  private static int count(Map<List<String>, Integer> grams) {
    return grams.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static int commonSequence(List<String> a, List<String> b) {
    int[] row = new int[b.size() + 1];
    for (String token : a) {
      int diagonal = 0;
      for (int j = 1; j <= b.size(); j++) {
        int above = row[j];
        row[j] = token.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, row[j - 1]);
        diagonal = above;
      }
    }
    return row[b.size()];
  }
}
