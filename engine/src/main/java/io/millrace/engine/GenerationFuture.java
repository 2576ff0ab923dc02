package io.millrace.engine;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A listener that is the future of its generation's result, for whoever waits for whole answers or
 * chains further work to them. It ends with the result, or exceptionally with the error that the
 * listener was told.
 *
 * <p>Stages that follow without an executor run on the engine's own thread and must return at once.
 * Cancelling the future does not stop the engine: {@link Generation#cancel} does.
 */
public final class GenerationFuture extends CompletableFuture<GenerationResult>
    implements GenerationListener {
  private final Consumer<? super String> onText;

  public GenerationFuture() {
    this(text -> {});
  }

  /**
   * @param onText takes each piece of the answer, in order, on the engine's own thread; see {@link
   *     GenerationListener#onText}
   */
  public GenerationFuture(Consumer<? super String> onText) {
    this.onText = onText;
  }

  /** Submits a request of which nothing but the end is wanted. */
  public static GenerationFuture submit(Engine engine, GenerationRequest request) {
    GenerationFuture future = new GenerationFuture();
    engine.submit(request, future);
    return future;
  }

  @Override
  public void onText(int index, String text) {
    onText.accept(text);
  }

  @Override
  public void onFinished(GenerationResult result) {
    complete(result);
  }

  @Override
  public void onError(Throwable error) {
    completeExceptionally(error);
  }
}
