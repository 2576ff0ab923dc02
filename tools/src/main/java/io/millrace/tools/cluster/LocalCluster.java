package io.millrace.tools.cluster;

import io.millrace.job.config.Reasons;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.ConfigConstants;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A Flink cluster in this JVM, with its dashboard. */
public final class LocalCluster implements AutoCloseable {

  private static final String PROMETHEUS = "prom";
  private static final int DASHBOARD_PORT = 8081;
  private static final int LAST_DASHBOARD_PORT = DASHBOARD_PORT + 200;

  private final MiniCluster cluster;
  private final URI dashboard;

  private LocalCluster(MiniCluster cluster, URI dashboard) {
    this.cluster = cluster;
    this.dashboard = dashboard;
  }

  public static LocalCluster start(int slots) throws Exception {
    return start(slots, 0);
  }

  /**
   * Starts one task manager with this many slots; the dashboard takes 8081 or the next free port.
   *
   * @param metricsPort where Prometheus can ask for metrics; 0 for nowhere
   */
  public static LocalCluster start(int slots, int metricsPort) throws Exception {
    Configuration settings = new Configuration();
    settings.set(RestOptions.BIND_PORT, DASHBOARD_PORT + "-" + LAST_DASHBOARD_PORT);
    settings.set(RestOptions.BIND_ADDRESS, "localhost");
    // The engine has its own memory: Flink's part of this JVM is small.
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
    if (metricsPort > 0) {
      reportMetrics(settings, metricsPort);
    }
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .build());
    cluster.start();
    return new LocalCluster(cluster, cluster.getRestAddress().get());
  }

  private static void reportMetrics(Configuration settings, int port) {
    String prefix = ConfigConstants.METRICS_REPORTER_PREFIX + PROMETHEUS + ".";
    settings.set(MetricOptions.REPORTERS_LIST, PROMETHEUS);
    settings.setString(prefix + "factory.class", PrometheusReporterFactory.class.getName());
    settings.setString(prefix + "port", Integer.toString(port));
  }

  public URI dashboard() {
    return dashboard;
  }

  /** Submits the topology that was built in this environment. */
  public JobID submit(StreamExecutionEnvironment env) throws Exception {
    return cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();
  }

  public JobStatus status(JobID job) throws Exception {
    return cluster.getJobStatus(job).get();
  }

  public CompletableFuture<JobResult> result(JobID job) {
    return cluster.requestJobResult(job);
  }

  public void cancel(JobID job) throws Exception {
    cluster.cancelJob(job).get();
  }

  /** Why the job failed most recently, if it ever did. */
  public Optional<String> failure(JobID job) throws Exception {
    return Optional.ofNullable(cluster.getExecutionGraph(job).get().getFailureInfo())
        .map(info -> Reasons.of(info.getException()));
  }

  public long completedCheckpoints(JobID job) throws Exception {
    return cluster
        .getExecutionGraph(job)
        .get()
        .getCheckpointStatsSnapshot()
        .getCounts()
        .getNumberOfCompletedCheckpoints();
  }

  @Override
  public void close() throws Exception {
    cluster.close();
  }
}
