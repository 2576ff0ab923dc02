package io.millrace.tools.bench.soak;

import io.millrace.engine.Engine;
import io.millrace.tools.bench.ResidentMemory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Answers many turns and looks at memory on the way: a leak shows as growth. */
public final class Soak {
  private static final int SAMPLES = 100;

  private Soak() {}

  /**
   * @param turns to answer
   * @param conversations that are open at one time
   * @param progress hears every sample
   */
  public static List<SoakSample> run(
      Engine engine, long turns, int conversations, long seed, Consumer<SoakSample> progress)
      throws IOException, InterruptedException, ExecutionException {
    SoakLoad load = new SoakLoad(engine, seed);
    int open = (int) Math.min(conversations, turns);
    long every = Math.max(1, turns / SAMPLES);
    long start = System.nanoTime();
    List<SoakSample> samples = new ArrayList<>();
    load.begin(open);
    for (long answered = 1; answered <= turns; answered++) {
      load.next(answered + open <= turns);
      if (answered % every == 0 || answered == turns) {
        SoakSample sample = sample(engine, answered, start);
        samples.add(sample);
        progress.accept(sample);
      }
    }
    return samples;
  }

  private static SoakSample sample(Engine engine, long turns, long start) throws IOException {
    System.gc();
    return new SoakSample(
        turns,
        (System.nanoTime() - start) / 1e9,
        ResidentMemory.now(),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        engine.stats().usedBlocks());
  }
}
