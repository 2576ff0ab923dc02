package io.millrace.tools.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Another JVM with this one's class path and flags. It ends when this JVM does, however that
 * happens: it watches the pipe between the two.
 */
public final class ChildJvm implements AutoCloseable {
  private static final String LOGGING = "log4j2.configurationFile";

  private static final Set<ChildJvm> LIVE = new HashSet<>();
  private static boolean ending;

  private final String name;
  private final Process process;

  private ChildJvm(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /**
   * @param directory for its log and its temporary files, which one that is killed leaves behind
   * @param options more JVM options
   */
  public static ChildJvm start(
      String name, Path directory, List<String> options, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    command.addAll(options);
    command.add("-Djava.io.tmpdir=" + directory);
    Path log = directory.resolve(name + ".log");
    String logging = System.getProperty(LOGGING);
    if (logging != null) {
      command.add("-D" + LOGGING + "=" + logging);
      command.add("-Dlog.file=" + log);
    }
    command.add(ChildJvm.class.getName());
    command.add(mainClass);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log + ".out")));
    // By the environment: as an argument the class path would bury the rest of the command.
    builder.environment().put("CLASSPATH", absolute(System.getProperty("java.class.path")));
    synchronized (LIVE) {
      if (ending) {
        throw new IllegalStateException("the JVM " + name + " would outlive this one, which ends");
      }
      try {
        ChildJvm child = new ChildJvm(name, builder.start());
        LIVE.add(child);
        return child;
      } catch (IOException e) {
        throw new UncheckedIOException("cannot start the JVM " + name, e);
      }
    }
  }

  /** Ends all of them; none can be started any more. For the end of this JVM. */
  public static void killAll() {
    synchronized (LIVE) {
      ending = true;
      Set.copyOf(LIVE).forEach(ChildJvm::kill);
    }
  }

  /** The flags that the engine and Flink need, as this JVM was given them. */
  private static List<String> flags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--add-") || flag.startsWith("-Djdk.incubator."))
        .toList();
  }

  private static String absolute(String classPath) {
    return String.join(
        File.pathSeparator,
        Stream.of(classPath.split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it with SIGKILL: no shutdown hook runs, no socket is closed in an orderly way. */
  public void kill() {
    process.destroyForcibly();
    awaitExit(30);
    synchronized (LIVE) {
      LIVE.remove(this);
    }
  }

  /** Whether it ended by itself within this time. */
  public boolean awaitExit(int seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the JVM " + name + " ended", e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  /** The child: runs another class's main method for as long as its parent lives. */
  public static void main(String[] arguments) throws Exception {
    Thread watch = new Thread(ChildJvm::endWithParent, "parent-watch");
    watch.setDaemon(true);
    watch.start();
    String[] rest = List.of(arguments).subList(1, arguments.length).toArray(String[]::new);
    Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // The parent never writes: the pipe ends when it does.
      }
    } catch (IOException e) {
      // As good as its end.
    }
    Runtime.getRuntime().halt(1);
  }
}
