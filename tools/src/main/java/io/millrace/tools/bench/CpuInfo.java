package io.millrace.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The processor's name and those of its vector instructions that decide the speed of products.
 *
 * @param vectors as Linux names them
 */
public record CpuInfo(String name, int cores, List<String> vectors) {
  private static final List<String> OF_INTEREST =
      List.of("avx2", "fma", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "avx512_bf16");

  static CpuInfo read() throws IOException {
    return of(
        Files.readAllLines(Path.of("/proc/cpuinfo")), Runtime.getRuntime().availableProcessors());
  }

  static CpuInfo of(List<String> lines, int cores) {
    List<String> vectors = new ArrayList<>(Arrays.asList(field(lines, "flags").split(" ")));
    vectors.retainAll(OF_INTEREST);
    return new CpuInfo(field(lines, "model name"), cores, List.copyOf(vectors));
  }

  private static String field(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .orElse("unknown");
  }
}
