package io.millrace.tools.files;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A file to summarise.
 *
 * @param id what the document is called: the path as it was given, or below a directory that was
 * @param path where it is
 */
record DocumentFile(String id, String path) implements Serializable {
  private static final int MAX_ID = 256;

  /** What can be read, by the end of a file's name. */
  enum Kind {
    TEXT("txt", "text", "md", "markdown"),
    HTML("html", "htm", "xhtml"),
    PDF("pdf");

    private final List<String> extensions;

    Kind(String... extensions) {
      this.extensions = List.of(extensions);
    }

    /** Null where the name tells nothing that can be read. */
    static Kind of(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      for (Kind kind : values()) {
        if (kind.extensions.stream().anyMatch(extension -> lower.endsWith("." + extension))) {
          return kind;
        }
      }
      return null;
    }
  }

  /** Files are read as what their names say; a file named on the command line else as text. */
  Kind kind() {
    Kind kind = Kind.of(path);
    return kind == null ? Kind.TEXT : kind;
  }

  /**
   * The files of these paths in order: a directory stands for all readable files in it and below,
   * sorted, hidden ones left out.
   *
   * @throws IllegalArgumentException if a path does not exist or nothing is found
   */
  static List<DocumentFile> find(List<Path> paths) throws IOException {
    Map<String, DocumentFile> found = new LinkedHashMap<>();
    for (Path path : paths) {
      for (Path file : files(path)) {
        found.putIfAbsent(
            file.toRealPath().toString(),
            new DocumentFile(id(file), file.toAbsolutePath().normalize().toString()));
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "no documents in " + paths + ": files are read that end in .txt, .md, .html or .pdf");
    }
    return new ArrayList<>(found.values());
  }

  private static List<Path> files(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      try (Stream<Path> tree = Files.walk(path)) {
        return tree.filter(Files::isRegularFile)
            .filter(file -> Kind.of(file.getFileName().toString()) != null && !isHidden(path, file))
            .sorted()
            .toList();
      }
    }
    if (!Files.isReadable(path)) {
      throw new IllegalArgumentException("no file " + path + ": name files or directories");
    }
    return List.of(path);
  }

  private static boolean isHidden(Path root, Path file) {
    for (Path part : root.relativize(file)) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static String id(Path file) {
    String name = file.normalize().toString().replace('\\', '/');
    if (name.length() > MAX_ID) {
      throw new IllegalArgumentException(
          "the path "
              + name
              + " has more than "
              + MAX_ID
              + " characters: start in a directory nearer to it");
    }
    return name;
  }
}
