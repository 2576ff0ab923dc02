package io.millrace.tools.bench;

import io.millrace.engine.Engine;
import io.millrace.engine.ForwardingEngine;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import java.util.ArrayList;
import java.util.List;

/** An engine that remembers what it was asked and what it did, and when. */
final class RecordingEngine extends ForwardingEngine {
  private final List<GenerationRequest> requests = new ArrayList<>();
  private long firstAsked;
  private long lastAnswered;
  private int answers;
  private long promptTokens;
  private long newTokens;

  RecordingEngine(Engine engine) {
    super(engine);
  }

  @Override
  public Generation submit(GenerationRequest request, GenerationListener listener) {
    synchronized (this) {
      if (requests.isEmpty()) {
        firstAsked = System.nanoTime();
      }
      requests.add(request);
    }
    return super.submit(
        request,
        new GenerationListener() {
          @Override
          public void onText(int index, String text) {
            listener.onText(index, text);
          }

          @Override
          public void onFinished(GenerationResult result) {
            count(result);
            listener.onFinished(result);
          }

          @Override
          public void onError(Throwable error) {
            listener.onError(error);
          }
        });
  }

  private synchronized void count(GenerationResult result) {
    answers++;
    promptTokens += result.usage().promptTokens();
    newTokens += result.usage().completionTokens();
    lastAnswered = System.nanoTime();
  }

  /** In the order in which they came. */
  synchronized List<GenerationRequest> requests() {
    return List.copyOf(requests);
  }

  /** All that was done from the first request until the last answer. */
  synchronized DocumentBench.Work work() {
    return new DocumentBench.Work(
        answers, promptTokens, newTokens, stats().steps(), (lastAnswered - firstAsked) / 1e9);
  }
}
