package io.millrace.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules of the house that class files don't show, so the sources of all modules are read. */
class SourceRulesTest {
  private static final Path ROOT = Path.of("..");
  private static final String PACKAGE_INFO = "package-info.java";

  private static final Pattern TEST_ANNOTATION =
      Pattern.compile("^\\s*@(?:Test|\\w+Test|TestTemplate)\\b", Pattern.MULTILINE);
  private static final Pattern METHOD = Pattern.compile("\\bvoid\\s+(\\w+)\\s*\\(");

  private static final Pattern TYPE =
      Pattern.compile("^[a-z ]*\\b(?:class|record|interface|enum) ", Pattern.MULTILINE);

  @Test
  void shouldFindEveryTestNamedWithShould() throws IOException {
    List<String> others = new ArrayList<>();
    for (Path module : modules()) {
      int tests = 0;
      for (Path file : sources(module, "test")) {
        for (String name : testNames(Files.readString(file))) {
          tests++;
          if (!name.startsWith("should")) {
            others.add(file.getFileName() + ": " + name);
          }
        }
      }
      assertThat(tests).as("tests found in %s", module).isPositive();
    }
    assertThat(others).as("tests whose names don't begin with should").isEmpty();
  }

  @Test
  void shouldFindEveryPackageExplained() throws IOException {
    List<Path> silent = new ArrayList<>();
    for (Map.Entry<Path, List<Path>> mainPackage : mainPackages().entrySet()) {
      Path comment = mainPackage.getKey().resolve(PACKAGE_INFO);
      if (!Files.exists(comment) || !Files.readString(comment).startsWith("/**")) {
        silent.add(mainPackage.getKey());
      }
    }
    assertThat(silent).as("packages without a comment in " + PACKAGE_INFO).isEmpty();
  }

  @Test
  void shouldFindNoPackageOfMoreThan25Files() throws IOException {
    Map<Path, Integer> large = new TreeMap<>();
    mainPackages()
        .forEach(
            (directory, files) -> {
              if (files.size() > 25) {
                large.put(directory, files.size());
              }
            });
    assertThat(large).as("packages of more than 25 files").isEmpty();
  }

  /** A file may be long where its class comment says so, and why: "long because ..". */
  @Test
  void shouldFindNoFileOfMoreThan300LinesUnexplained() throws IOException {
    List<String> unexplained = new ArrayList<>();
    for (List<Path> files : mainPackages().values()) {
      for (Path file : files) {
        String source = Files.readString(file);
        long lines = source.lines().count();
        if (lines > 300 && !classComment(source).contains("long because")) {
          unexplained.add("%s: %d lines".formatted(file, lines));
        }
      }
    }
    assertThat(unexplained).as("files of more than 300 lines that do not say why").isEmpty();
  }

  /** What is written above the file's first type, its line breaks taken out. */
  private static String classComment(String source) {
    Matcher type = TYPE.matcher(source);
    String head = type.find() ? source.substring(0, type.start()) : source;
    return head.replaceAll("\\s+\\*?\\s*", " ");
  }

  /** Directories with main sources of ours, and these, package comments left out. */
  private static Map<Path, List<Path>> mainPackages() throws IOException {
    Map<Path, List<Path>> packages = new TreeMap<>();
    for (Path module : modules()) {
      for (Path file : sources(module, "main")) {
        if (!file.endsWith(PACKAGE_INFO)) {
          packages.computeIfAbsent(file.getParent(), directory -> new ArrayList<>()).add(file);
        }
      }
    }
    return packages;
  }

  /** The name of the method that follows each annotation of a test. */
  private static List<String> testNames(String source) {
    return TEST_ANNOTATION
        .matcher(source)
        .results()
        .filter(annotation -> !annotation.group().contains("@ArchTest"))
        .map(annotation -> methodAfter(source, annotation))
        .toList();
  }

  private static String methodAfter(String source, MatchResult annotation) {
    return METHOD
        .matcher(source)
        .region(annotation.end(), source.length())
        .results()
        .findFirst()
        .map(method -> method.group(1))
        .orElseThrow();
  }

  /** The directories with sources of ours, so that a new module is seen without being named. */
  private static List<Path> modules() throws IOException {
    try (Stream<Path> entries = Files.list(ROOT)) {
      List<Path> modules =
          entries.filter(entry -> Files.isDirectory(entry.resolve("src/main"))).sorted().toList();
      assertThat(modules).hasSizeGreaterThanOrEqualTo(5);
      return modules;
    }
  }

  private static List<Path> sources(Path module, String part) throws IOException {
    try (Stream<Path> files = Files.walk(module.resolve("src").resolve(part).resolve("java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
