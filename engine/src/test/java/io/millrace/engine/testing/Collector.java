package io.millrace.engine.testing;

import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the end of a generation and checks the listener's contract on the way. */
public class Collector implements GenerationListener {
  private final List<String> pieces = Collections.synchronizedList(new ArrayList<>());
  private final CompletableFuture<GenerationResult> end = new CompletableFuture<>();

  @Override
  public void onText(int index, String text) {
    if (index != pieces.size() || text.isEmpty() || end.isDone()) {
      end.completeExceptionally(new AssertionError("unexpected piece " + index + ": " + text));
    }
    pieces.add(text);
  }

  @Override
  public void onFinished(GenerationResult result) {
    boolean whole = String.join("", pieces).equals(result.text());
    boolean first =
        whole
            ? end.complete(result)
            : end.completeExceptionally(new AssertionError("pieces differ from " + result));
    if (!first) {
      throw new AssertionError("ended twice");
    }
  }

  @Override
  public void onError(Throwable error) {
    if (!end.completeExceptionally(error)) {
      throw new AssertionError("ended twice", error);
    }
  }

  public GenerationResult result() {
    try {
      return end.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("the generation failed", e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no result", e);
    }
  }

  public Throwable error() {
    try {
      throw new AssertionError("a result instead of an error: " + end.get(60, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no error", e);
    }
  }

  /** Waits for the end, whether good or bad. */
  public void awaitEnd() {
    end.handle((result, error) -> 0).orTimeout(60, TimeUnit.SECONDS).join();
  }

  public List<String> pieces() {
    return List.copyOf(pieces);
  }
}
