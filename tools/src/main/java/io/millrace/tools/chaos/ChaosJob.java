package io.millrace.tools.chaos;

import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.Engines;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.job.JobOptions;
import io.millrace.job.MillraceJob;
import io.millrace.job.config.MillraceConfig;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The main job with engines that fail on demand; entry point on a cluster under test. */
public final class ChaosJob {

  /** What the job is started with, besides the options of the main one. */
  static final class Options {
    @Mixin private JobOptions job = new JobOptions();

    @Option(names = "--engine-faults", required = true)
    private Path demands;
  }

  private ChaosJob() {}

  public static void main(String[] args) throws Exception {
    Options options = CommandLine.populateCommand(new Options(), args);
    MillraceConfig config = options.job.config();
    EngineOptions engine = config.engineOptions();
    // The provider travels as an object: a Path could not.
    String demands = options.demands.toString();
    MillraceJob.run(
        config,
        () ->
            SharedEngines.acquire(
                engine, model -> new FaultyEngine(Engines.open(model), Path.of(demands))));
  }
}
