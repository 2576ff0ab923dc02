package io.millrace.operators.serving;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineStats;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * The engine's metrics; docs/metrics.md explains each. All subtasks of a JVM share an engine: one
 * of them reports it and the others say 0, so that sums over subtasks are right.
 */
public final class EngineMetrics {
  private final Supplier<Engine> engine;
  private final MetricGroup group;

  private EngineMetrics(MetricGroup group, Supplier<Engine> engine) {
    this.engine = engine;
    this.group = group.addGroup("engine");
  }

  /**
   * @param engine the present one; may be null while another is opened
   */
  public static void register(MetricGroup group, Supplier<Engine> engine) {
    EngineMetrics metrics = new EngineMetrics(group, engine);
    metrics.gauge("runningSequences", EngineStats::running);
    metrics.gauge("waitingSequences", EngineStats::waiting);
    metrics.gauge("batchTokens", EngineStats::lastBatchTokens);
    metrics.gauge("kvBlocksUsed", EngineStats::usedBlocks);
    metrics.gauge("kvBlocksCached", EngineStats::cachedBlocks);
    metrics.gauge("kvBlocksFree", s -> s.totalBlocks() - s.usedBlocks() - s.cachedBlocks());
    metrics.gauge("steps", EngineStats::steps);
    metrics.gauge("stepMicros", s -> s.stepNanos() / 1000);
    metrics.gauge("promptTokens", EngineStats::promptTokens);
    metrics.gauge("prefixHitTokens", EngineStats::cachedTokens);
    metrics.gauge("generatedTokens", EngineStats::generatedTokens);
    metrics.gauge("draftedTokens", EngineStats::draftedTokens);
    metrics.gauge("acceptedTokens", EngineStats::acceptedTokens);
    metrics.gauge("preemptions", EngineStats::preemptions);
  }

  private void gauge(String name, ToLongFunction<EngineStats> value) {
    Gauge<Long> gauge =
        () -> {
          Engine present = engine.get();
          boolean reports = present != null && present.isReporter();
          return reports ? value.applyAsLong(present.stats()) : 0L;
        };
    group.gauge(name, gauge);
  }
}
