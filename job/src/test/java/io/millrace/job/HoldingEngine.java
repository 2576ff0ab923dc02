package io.millrace.job;

import io.millrace.engine.Admission;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineStats;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.tokenize.Tokenizer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A real engine that stops in the middle of its answers, after so many pieces of text. */
final class HoldingEngine implements Engine {
  private final Engine engine;
  private final AtomicInteger left;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  HoldingEngine(Engine engine, int pieces) {
    this.engine = engine;
    left = new AtomicInteger(pieces);
  }

  /** Whether it holds. */
  boolean holds() {
    return reached.getCount() == 0;
  }

  /** Lets it go on to the end. */
  void release() {
    released.countDown();
  }

  private void piece() {
    if (left.decrementAndGet() == 0) {
      reached.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new AssertionError("nobody interrupts an engine", e);
      }
    }
  }

  @Override
  public Generation submit(GenerationRequest request, GenerationListener listener) {
    return engine.submit(
        request,
        new GenerationListener() {
          @Override
          public void onText(int index, String text) {
            listener.onText(index, text);
            piece();
          }

          @Override
          public void onFinished(GenerationResult result) {
            listener.onFinished(result);
          }

          @Override
          public void onError(Throwable error) {
            listener.onError(error);
          }
        });
  }

  @Override
  public Admission admission() {
    return engine.admission();
  }

  @Override
  public boolean isStopped() {
    return engine.isStopped();
  }

  @Override
  public Manifest manifest() {
    return engine.manifest();
  }

  @Override
  public Tokenizer tokenizer() {
    return engine.tokenizer();
  }

  @Override
  public ChatFormat chatFormat() {
    return engine.chatFormat();
  }

  @Override
  public int maxSequenceLength() {
    return engine.maxSequenceLength();
  }

  @Override
  public EngineStats stats() {
    return engine.stats();
  }

  @Override
  public void close() {
    release();
    engine.close();
  }
}
