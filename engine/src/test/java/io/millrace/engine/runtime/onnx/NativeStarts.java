package io.millrace.engine.runtime.onnx;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** JVMs that load ONNX Runtime at one time, for the first time. */
public final class NativeStarts {
  private static final String READY = "ready";

  /** Begins each line with a library that a JVM has mapped. */
  static final String MAPPED = "mapped ";

  private NativeStarts() {}

  /** How a JVM ended, and all that it said. */
  record End(int code, String output) {
    List<String> libraries() {
      return output
          .lines()
          .filter(line -> line.startsWith(MAPPED))
          .map(line -> line.substring(MAPPED.length()))
          .toList();
    }
  }

  /**
   * Starts JVMs that wait for each other before they unpack.
   *
   * @param directory where they unpack; its folder "home" is their user's
   */
  static List<End> together(Path directory, int processes, String... arguments) throws Exception {
    List<Process> started = new ArrayList<>();
    List<BufferedReader> outputs = new ArrayList<>();
    try {
      for (int i = 0; i < processes; i++) {
        Process process = start(directory, arguments);
        started.add(process);
        outputs.add(process.inputReader(StandardCharsets.UTF_8));
      }
      List<StringBuilder> said = new ArrayList<>();
      for (BufferedReader output : outputs) {
        said.add(new StringBuilder(untilReady(output)));
      }
      for (Process process : started) {
        try (Writer go = process.outputWriter()) {
          go.write("go\n");
        }
      }
      List<End> ends = new ArrayList<>();
      for (int i = 0; i < processes; i++) {
        StringBuilder all = said.get(i);
        outputs.get(i).lines().forEach(line -> all.append(line).append('\n'));
        ends.add(new End(started.get(i).waitFor(), all.toString()));
      }
      return ends;
    } finally {
      started.forEach(Process::destroyForcibly);
    }
  }

  private static String untilReady(BufferedReader output) throws IOException {
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.equals(READY)) {
        return said.toString();
      }
      said.append(line).append('\n');
    }
    return said.toString();
  }

  private static Process start(Path directory, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.startsWith("--add-"))
            .toList());
    command.addAll(
        List.of(
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-D" + NativeDirectory.PROPERTY + "=" + directory,
            "-Duser.home=" + directory.resolve("home"),
            "-XX:ErrorFile=" + directory.resolve("hs_err_%p.log"),
            Child.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.start();
  }

  /** Rounds on an empty directory each: how many, with how many processes. */
  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    int processes = Integer.parseInt(args[1]);
    int failed = 0;
    for (int round = 0; round < rounds; round++) {
      Path directory = Files.createTempDirectory("native-starts");
      for (End end : together(directory, processes)) {
        if (end.code() != 0) {
          failed++;
          System.out.printf("round %d: exit code %d%n%s%n", round, end.code(), end.output());
        }
      }
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
      }
    }
    System.out.printf(
        "%d rounds of %d processes: %d of %d failed%n",
        rounds, processes, failed, rounds * processes);
    System.exit(failed == 0 ? 0 : 1);
  }

  /** One of the JVMs; with an argument it loads them in another class loader as well. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      System.out.println(READY);
      System.in.read();
      use();
      if (args.length > 0) {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":")) {
          urls.add(Path.of(entry).toUri().toURL());
        }
        try (URLClassLoader other =
            new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
          var method = other.loadClass(Child.class.getName()).getDeclaredMethod("use");
          method.setAccessible(true);
          method.invoke(null);
        }
      }
      Files.readAllLines(Path.of("/proc/self/maps")).stream()
          .filter(line -> line.contains(".so"))
          .map(line -> line.substring(line.indexOf('/')))
          .distinct()
          .forEach(library -> System.out.println(MAPPED + library));
    }

    static void use() {
      try (OnnxEnvironment environment = OnnxEnvironment.acquire()) {
        environment.trimMemory();
      }
    }
  }
}
