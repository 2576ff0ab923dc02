package io.millrace.tools.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The project's Markdown pages and Java sources. */
final class Pages {

  static final Path ROOT = Path.of("..");

  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

  private Pages() {}

  /** The pages of the root, docs and the built-in model. */
  static List<Path> all() throws IOException {
    try (Stream<Path> root = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
        Stream<Path> models = Files.walk(ROOT.resolve("models"))) {
      return Stream.of(root, docs, models)
          .flatMap(paths -> paths)
          .filter(path -> path.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  static String prose(Path page) throws IOException {
    return FENCED.matcher(Files.readString(page)).replaceAll("");
  }

  /** The targets of a page's links. */
  static List<String> links(Path page) throws IOException {
    return groups(LINK, prose(page));
  }

  /** The anchors that GitHub makes of a page's headings. */
  static Set<String> anchors(Path page) throws IOException {
    return groups(HEADING, prose(page)).stream()
        .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", ""))
        .map(heading -> heading.replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  /** What stands in backticks in the rows of a page's tables. */
  static List<String> codeInTables(Path page) throws IOException {
    return prose(page)
        .lines()
        .filter(line -> line.startsWith("|"))
        .flatMap(line -> groups(CODE, line).stream())
        .toList();
  }

  /** The simple names of the classes of all modules: Java sources, tests included, and records. */
  static Set<String> classes() throws IOException {
    return files("src").stream()
        .map(path -> path.getFileName().toString())
        .filter(name -> name.endsWith(".java") || name.endsWith(".avsc"))
        .map(name -> name.replaceAll("^\\d+-|\\.\\w+$", ""))
        .collect(Collectors.toSet());
  }

  /** The packages of all modules' main sources, without {@code io.millrace}. */
  static Set<String> packages() throws IOException {
    return files("src/main/java").stream()
        .filter(path -> path.toString().endsWith(".java"))
        .map(path -> path.getParent().toString().replace('\\', '/'))
        .map(path -> path.replaceAll(".*/io/millrace/", "").replace('/', '.'))
        .collect(Collectors.toSet());
  }

  private static List<Path> files(String directory) throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      return modules
          .map(module -> module.resolve(directory))
          .filter(Files::isDirectory)
          .flatMap(Pages::walk)
          .toList();
    }
  }

  private static Stream<Path> walk(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> groups(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult m) -> m.group(1)).toList();
  }
}
