package io.millrace.job.config;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where relative paths are looked for: the working directory, then Millrace's own. */
public final class MillraceHome {

  /** Set by the launcher. */
  private static final String PROPERTY = "millrace.home";

  private MillraceHome() {}

  /** This path in the first of the two that has it; in the working directory where neither does. */
  public static Path resolve(Path path) {
    String home = System.getProperty(PROPERTY);
    if (path.isAbsolute() || Files.exists(path) || home == null) {
      return path.toAbsolutePath();
    }
    Path own = Path.of(home).resolve(path);
    return Files.exists(own) ? own : path.toAbsolutePath();
  }
}
