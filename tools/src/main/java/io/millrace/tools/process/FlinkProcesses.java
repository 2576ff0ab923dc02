package io.millrace.tools.process;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/**
 * A Flink application cluster of several JVMs on this machine, each of which may be killed and come
 * back: a job manager that runs a job's main method, and task managers.
 */
public final class FlinkProcesses implements AutoCloseable {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final List<String> JOB_MANAGER =
      List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Path directory;
  private final Configuration settings;
  private final int restPort;
  private final Map<Integer, ChildJvm> taskManagers = new TreeMap<>();
  private final FlinkRest rest;
  private ChildJvm jobManager;

  /**
   * @param directory for configuration, logs and temporary files
   * @param base Flink's configuration; addresses and ports are set here
   */
  public FlinkProcesses(Path directory, Configuration base) throws IOException {
    this.directory = Files.createDirectories(directory);
    List<Integer> ports = Ports.free(3);
    settings = new Configuration(base);
    settings.set(JobManagerOptions.ADDRESS, "localhost");
    settings.set(JobManagerOptions.PORT, ports.get(0));
    settings.set(JobManagerOptions.BIND_HOST, "localhost");
    settings.set(RestOptions.ADDRESS, "localhost");
    settings.set(RestOptions.BIND_ADDRESS, "localhost");
    settings.set(RestOptions.PORT, ports.get(1));
    settings.set(RestOptions.BIND_PORT, ports.get(1).toString());
    settings.set(BlobServerOptions.PORT, ports.get(2).toString());
    settings.set(TaskManagerOptions.HOST, "localhost");
    settings.set(TaskManagerOptions.BIND_HOST, "localhost");
    settings.set(TaskManagerOptions.RPC_PORT, "0");
    settings.set(NettyShuffleEnvironmentOptions.DATA_PORT, 0);
    settings.set(CoreOptions.TMP_DIRS, this.directory.resolve("tmp").toString());
    // The defaults look for a lost process for a minute.
    settings.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofSeconds(1));
    settings.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Duration.ofSeconds(20));
    restPort = ports.get(1);
    rest = new FlinkRest(restPort);
    Files.createDirectories(this.directory.resolve("tmp"));
    YAML.writeValue(this.directory.resolve("config.yaml").toFile(), settings.toMap());
  }

  public FlinkRest rest() {
    return rest;
  }

  /**
   * Starts the job manager, which runs this class's main method.
   *
   * @param own settings of Flink's that this job has of its own
   */
  public void startJobManager(String jobClass, Map<String, String> own, List<String> jobArguments) {
    List<String> arguments =
        new ArrayList<>(List.of("--configDir", directory.toString(), "--job-classname", jobClass));
    own.forEach((key, value) -> arguments.addAll(List.of("-D", key + "=" + value)));
    // Ends Flink's own options: it would take --config for its --configDir.
    arguments.add("--");
    arguments.addAll(jobArguments);
    jobManager =
        ChildJvm.start(
            "jobmanager",
            directory,
            JOB_MANAGER,
            StandaloneApplicationClusterEntryPoint.class.getName(),
            arguments);
  }

  /** Starts a task manager that is not running. */
  public void startTaskManager(int number) {
    TaskExecutorProcessSpec spec = TaskExecutorProcessUtils.processSpecFromConfig(settings);
    List<String> options =
        new ArrayList<>(
            List.of(ProcessMemoryUtils.generateJvmParametersStr(spec).strip().split("\\s+")));
    options.add("-XX:+UseSerialGC");
    List<String> arguments = new ArrayList<>(List.of("--configDir", directory.toString()));
    // As Flink's scripts do: the parts of the memory, and the limits of the JVM that follow.
    arguments.addAll(
        List.of(TaskExecutorProcessUtils.generateDynamicConfigsStr(spec).strip().split("\\s+")));
    String name = name(number);
    arguments.addAll(List.of("-D", TaskManagerOptions.TASK_MANAGER_RESOURCE_ID.key() + "=" + name));
    taskManagers.put(
        number,
        ChildJvm.start(name, directory, options, TaskManagerRunner.class.getName(), arguments));
  }

  /** The numbers of the task managers that run. */
  public List<Integer> taskManagers() {
    return List.copyOf(taskManagers.keySet());
  }

  /** Whether a task manager has tasks. */
  public boolean isBusy(int number) throws Exception {
    return rest.isBusy(name(number));
  }

  private static String name(int number) {
    return "taskmanager-" + number;
  }

  /** Ends a task manager with SIGKILL. */
  public void killTaskManager(int number) {
    taskManagers.remove(number).kill();
  }

  /** Ends the job manager with SIGKILL. */
  public void killJobManager() {
    jobManager.kill();
  }

  /** Waits until the job manager ends by itself, as it does when its job has. */
  public boolean awaitJobManagerExit(int seconds) {
    return jobManager.awaitExit(seconds);
  }

  @Override
  public void close() {
    taskManagers.values().forEach(ChildJvm::close);
    taskManagers.clear();
    if (jobManager != null) {
      jobManager.close();
    }
  }
}
