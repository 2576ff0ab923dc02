package io.millrace.tools.integration;

import io.millrace.engine.Engine;
import io.millrace.engine.ForwardingEngine;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A real engine that stops in the middle of its answers, after so many pieces of text. */
final class HoldingEngine extends ForwardingEngine {
  private final AtomicInteger left;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  HoldingEngine(Engine engine, int pieces) {
    super(engine);
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
    return super.submit(
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
  public void close() {
    release();
    super.close();
  }
}
