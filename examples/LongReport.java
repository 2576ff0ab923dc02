import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Writes a report of more than 100,000 tokens: java LongReport.java FILE. Its few facts come again and again, in their
 * order, among sentences about nothing. The same text every time.
 */
public final class LongReport {
  private static final int SENTENCES = 12_000;
  private static final int PARAGRAPH = 6;

  private static final List<String> FACTS =
      List.of(
          "the railway in Vienna was started in 1969.",
          "the project is led by Robert Lang.",
          "the total cost is 93 million dollars.",
          "the money comes from the port office.",
          "there are 480 people in the team.",
          "the main problem was bad weather.",
          "the plan is 7 weeks late.",
          "the opening is planned for April 1974.");

  private static final List<String> LEADS =
      List.of("", "", "", "As planned, ", "According to the office, ", "It is confirmed that ", "Note that ");

  private static final List<String> FILLERS =
      List.of(
          "The weather was %s all week.", "The evening was %s and calm.", "The garden looked %s.",
          "The view from the hill was %s.", "The coffee in the office was %s.", "It was a %s day for a walk.",
          "A local newspaper printed a %s photo.", "The music in the evening was %s.", "The lunch on Monday was %s.");

  private static final List<String> PLAIN =
      List.of(
          "Some children played near the gate.", "Everybody was in a good mood.", "The neighbors were friendly.",
          "The streets were quiet in the morning.", "The door of the office was open.", "A group of students took photos.",
          "The old clock in the hall does not work.", "Many visitors came on Friday.", "There was soup for lunch.");

  private static final List<String> ADJECTIVES =
      List.of("warm", "cold", "nice", "long", "short", "funny", "strange", "quiet", "pleasant", "lovely", "dark", "bright");

  public static void main(String[] args) throws IOException {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder("# Report on the railway\n\n");
    for (int i = 0; i < SENTENCES; i++) {
      text.append(i % 4 == 0 ? fact(random, i) : filler(random));
      text.append((i + 1) % PARAGRAPH == 0 ? "\n\n" : " ");
    }
    Files.writeString(Path.of(args[0]), text);
  }

  /** A fact near the place that it has in the order of facts. */
  private static String fact(Random random, int sentence) {
    int place = sentence * FACTS.size() / SENTENCES;
    String fact = FACTS.get(Math.min(FACTS.size() - 1, Math.max(0, place - 1 + random.nextInt(3))));
    String lead = pick(random, LEADS);
    return lead.isEmpty() ? Character.toUpperCase(fact.charAt(0)) + fact.substring(1) : lead + fact;
  }

  private static String filler(Random random) {
    return random.nextBoolean() ? pick(random, PLAIN) : pick(random, FILLERS).formatted(pick(random, ADJECTIVES));
  }

  private static String pick(Random random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}
