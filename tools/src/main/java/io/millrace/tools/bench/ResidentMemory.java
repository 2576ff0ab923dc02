package io.millrace.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** This process's memory as Linux counts it, weights mapped from disk included. */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");
  private static final String RESET_PEAK = "5";
  private static final int KIB = 1024;

  private ResidentMemory() {}

  /** The most that was resident since the start or {@link #resetPeak}, in bytes. */
  static long peak() throws IOException {
    return bytes(Files.readAllLines(STATUS), "VmHWM:");
  }

  /** What is resident now, in bytes. */
  public static long now() throws IOException {
    return bytes(Files.readAllLines(STATUS), "VmRSS:");
  }

  /** Collects garbage, gives free heap back and starts the peak again from what is left. */
  static void resetPeak() throws IOException {
    System.gc();
    Files.writeString(CLEAR, RESET_PEAK);
  }

  static long bytes(List<String> status, String field) throws IOException {
    for (String line : status) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
      }
    }
    throw new IOException(STATUS + " has no " + field);
  }
}
