package io.millrace.tools.bench;

import io.millrace.engine.EngineOptions;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.device.Runtimes;
import io.millrace.engine.runtime.probe.MachineProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures the engine itself, every combination in an engine of its own, so that peak memory
 * belongs to it. Prefill computes its prompts; decoding starts behind prompts whose KV is random.
 */
public final class EngineBench {
  /** Heap that the model and the step's own buffers may take besides the KV pool. */
  private static final long BESIDES_KV = 512L << 20;

  private final BenchPlan plan;
  private final PreparedModel model;
  private final Consumer<String> progress;
  private final long blockBytes;
  private final List<Measurement> prefill = new ArrayList<>();
  private final List<BenchResult.Decode> decode = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  private EngineBench(BenchPlan plan, PreparedModel model, Consumer<String> progress) {
    this.plan = plan;
    this.model = model;
    this.progress = progress;
    blockBytes = Runtimes.blockBytes(model.config(), plan.kvType());
  }

  /**
   * @param progress hears a line before each part
   */
  public static BenchResult run(BenchPlan plan, Consumer<String> progress)
      throws IOException, InterruptedException {
    PreparedModel model = PreparedModel.open(plan.model());
    checkLength(plan, model.config());
    progress.accept("probing the machine");
    MachineProbe machine = MachineProbe.measure(plan.threads());
    EngineBench bench = new EngineBench(plan, model, progress);
    bench.measure(
        new StepCost(
            model.manifest(), Runtimes.tokenBytes(model.config(), plan.kvType()), machine));
    if (bench.decode.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", bench.leftOut));
    }
    return new BenchResult(
        CpuInfo.read(),
        machine,
        model.manifest(),
        Files.size(model.weightsFile()),
        plan,
        bench.prefill,
        bench.decode,
        bench.leftOut);
  }

  private static void checkLength(BenchPlan plan, ModelConfig config) {
    int longest = plan.longestContext() + plan.newTokens();
    if (longest > config.maxPositions()) {
      throw new IllegalArgumentException(
          "--context %d and --new-tokens %d make %d tokens, the model was made for %d: lower one of them"
              .formatted(plan.longestContext(), plan.newTokens(), longest, config.maxPositions()));
    }
  }

  private void measure(StepCost cost) throws IOException, InterruptedException {
    for (int context : plan.contexts()) {
      boolean prefillMissing = true;
      for (int sequences : plan.sequences()) {
        long kvBytes = poolBlocks(sequences, context) * blockBytes;
        long most = Runtime.getRuntime().maxMemory() - BESIDES_KV;
        if (kvBytes > most) {
          leftOut.add(
              "%d x %d needs a KV pool of %d MB, the JVM's heap of %d MB leaves %d MB for it: set MILLRACE_JAVA_OPTS=-Xmx%dm"
                  .formatted(
                      sequences,
                      context,
                      kvBytes >> 20,
                      Runtime.getRuntime().maxMemory() >> 20,
                      most >> 20,
                      ((kvBytes + BESIDES_KV) >> 20) + 1));
          continue;
        }
        measure(sequences, context, kvBytes, prefillMissing, cost);
        prefillMissing = false;
      }
    }
  }

  private void measure(int sequences, int context, long kvBytes, boolean withPrefill, StepCost cost)
      throws IOException, InterruptedException {
    progress.accept("decoding %d x %d".formatted(sequences, context));
    ResidentMemory.resetPeak();
    try (BenchEngine engine =
        new BenchEngine(engineOptions(sequences, context, kvBytes), sequences, context)) {
      List<RunResult> runs = new ArrayList<>();
      engine.decode(Math.min(plan.newTokens(), BenchEngine.WARM_UP_TOKENS));
      for (int run = 0; run < plan.runs(); run++) {
        runs.add(engine.decode(plan.newTokens()));
      }
      long peak = ResidentMemory.peak();
      decode.add(
          new BenchResult.Decode(
              new Measurement(
                  sequences,
                  context,
                  new Runs(runs),
                  cost.decode(sequences, context + plan.newTokens() / 2.0)),
              new MemoryUse(peak, Files.size(model.weightsFile()), kvBytes)));
      if (withPrefill) {
        progress.accept("prefilling %d".formatted(context));
        prefill.add(prefill(engine, context, cost));
      }
    }
  }

  private Measurement prefill(BenchEngine engine, int context, StepCost cost)
      throws InterruptedException {
    int prompts = prefillPrompts(context);
    engine.prefill(1, Math.min(context, plan.batchTokens()));
    List<RunResult> runs = new ArrayList<>();
    for (int run = 0; run < plan.runs(); run++) {
      runs.add(engine.prefill(prompts, context));
    }
    return new Measurement(
        prompts, context, new Runs(runs), cost.prefill(prompts, context, runs.get(0).steps()));
  }

  /** Short prompts are prefilled several at a time, so that steps are full. */
  private int prefillPrompts(int context) {
    return Math.max(1, Math.min(plan.batchTokens() - 1, plan.batchTokens() / context));
  }

  private long poolBlocks(int sequences, int context) {
    // Besides its own blocks a sequence may need one that the prefix cache then gives back, and
    // admission keeps one free for each that runs.
    long decoding = (long) sequences * (Runtimes.blocks(context + plan.newTokens()) + 2);
    long prefilling = (long) prefillPrompts(context) * (Runtimes.blocks(context + 1) + 2);
    return Math.max(decoding, prefilling);
  }

  private EngineOptions engineOptions(int sequences, int context, long kvBytes) {
    EngineOptions defaults = EngineOptions.defaults(plan.model().toString());
    int together = Math.max(sequences, prefillPrompts(context));
    int minPrefill =
        Math.max(1, Math.min(defaults.minPrefillTokens(), plan.batchTokens() - together));
    return new EngineOptions(
        defaults.modelDirectory(),
        plan.threads(),
        together,
        plan.batchTokens(),
        minPrefill,
        kvBytes,
        plan.kvType(),
        defaults.maxSequenceLength(),
        plan.spin(),
        defaults.drafting());
  }
}
