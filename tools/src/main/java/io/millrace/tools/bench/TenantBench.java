package io.millrace.tools.bench;

import io.millrace.engine.Engine;
import io.millrace.engine.GenerationFuture;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.sample.SamplingParameters;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how much longer one tenant waits for its first token while another floods the engine.
 */
public final class TenantBench {
  private static final int ANSWER = 8;

  /**
   * The tenant that floods.
   *
   * @param together requests that wait or run at any time
   * @param prompt tokens of each prompt
   * @param answer tokens of each answer
   */
  public record Flood(int together, int prompt, int answer) {}

  /** Milliseconds until the first token, medians. */
  public record FirstToken(double alone, double beside) {
    public double ratio() {
      return beside / alone;
    }
  }

  private final Engine engine;
  private final RandomPrompts prompts;
  private final SplittableRandom pauses = new SplittableRandom(7);

  public TenantBench(Engine engine) {
    this.engine = engine;
    prompts = new RandomPrompts(engine);
  }

  /**
   * Sends requests one after the other, first alone and then beside the flood.
   *
   * @param prompt tokens of each request
   */
  public FirstToken firstToken(int prompt, int requests, Flood flood) {
    List<Double> alone = requests(prompt, requests, 0);
    Set<GenerationFuture> open = ConcurrentHashMap.newKeySet();
    boolean[] stop = {false};
    for (int i = 0; i < flood.together(); i++) {
      keepGoing(flood, open, stop);
    }
    List<Double> beside = requests(prompt, requests, alone.get(alone.size() / 2));
    synchronized (stop) {
      stop[0] = true;
    }
    new HashSet<>(open).forEach(GenerationFuture::join);
    return new FirstToken(median(alone), median(beside));
  }

  private void keepGoing(Flood flood, Set<GenerationFuture> open, boolean[] stop) {
    synchronized (stop) {
      if (stop[0]) {
        return;
      }
      GenerationFuture end =
          GenerationFuture.submit(
              engine, request("flood", prompts.random(flood.prompt()), flood.answer()));
      open.add(end);
      end.whenComplete(
          (result, error) -> {
            open.remove(end);
            keepGoing(flood, open, stop);
          });
    }
  }

  /** A pause of random length lets requests come at any moment of a step. */
  private List<Double> requests(int prompt, int requests, double meanPauseMillis) {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      LockSupport.parkNanos((long) (pauses.nextDouble() * 2e6 * meanPauseMillis));
      millis.add(
          GenerationFuture.submit(engine, request("calm", prompts.random(prompt), ANSWER))
              .join()
              .timings()
              .firstTokenMillis());
    }
    return millis;
  }

  private static GenerationRequest request(String tenant, int[] prompt, int answer) {
    SamplingParameters sampling =
        SamplingParameters.builder().temperature(0).maxNewTokens(answer).ignoreEos(true).build();
    return new GenerationRequest(tenant, prompt, sampling, 0, tenant, 0);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
