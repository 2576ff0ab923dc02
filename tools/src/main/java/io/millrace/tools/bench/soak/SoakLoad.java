package io.millrace.tools.bench.soak;

import io.millrace.engine.Engine;
import io.millrace.engine.FinishReason;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationFuture;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.sample.SamplingParameters;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * Conversations that come and go: each has a few turns whose prompts repeat the whole history, some
 * are cancelled in the middle of an answer, half are sampled. The same seed gives the same prompts.
 */
final class SoakLoad {
  private static final int MOST_TURNS = 6;
  private static final int MOST_USER_TOKENS = 48;
  private static final int MOST_NEW_TOKENS = 24;
  private static final int CANCEL_EVERY = 10;

  private final Engine engine;
  private final SplittableRandom random;
  private final int vocabulary;
  private final int[] system;
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private long submitted;

  private record Ended(Conversation conversation, GenerationResult result, Throwable error) {}

  private static final class Conversation {
    private int[] history;
    private int turnsLeft;
  }

  SoakLoad(Engine engine, long seed) {
    this.engine = engine;
    random = new SplittableRandom(seed);
    vocabulary = engine.tokenizer().vocabularySize();
    system = tokens(MOST_USER_TOKENS);
    int longest = system.length + MOST_TURNS * (MOST_USER_TOKENS + MOST_NEW_TOKENS);
    if (engine.maxSequenceLength() < longest) {
      throw new IllegalArgumentException(
          "the longest sequence is %d tokens, a conversation of %d turns may need %d: raise --kv-cache-size"
              .formatted(engine.maxSequenceLength(), MOST_TURNS, longest));
    }
  }

  /** Begins so many conversations. */
  void begin(int conversations) {
    for (int i = 0; i < conversations; i++) {
      submit(fresh());
    }
  }

  /**
   * Waits for an answer and sends the next turn, of the same conversation or of a new one.
   *
   * @param more false lets the load run out
   */
  void next(boolean more) throws InterruptedException, ExecutionException {
    Ended end = ended.take();
    if (end.error != null) {
      throw new ExecutionException(end.error);
    }
    Conversation conversation = end.conversation;
    if (end.result.finishReason() == FinishReason.CANCELLED || --conversation.turnsLeft == 0) {
      conversation = fresh();
    } else {
      conversation.history = concat(conversation.history, end.result.tokens());
    }
    if (more) {
      submit(conversation);
    }
  }

  private Conversation fresh() {
    Conversation conversation = new Conversation();
    conversation.history = system;
    conversation.turnsLeft = random.nextInt(1, MOST_TURNS + 1);
    return conversation;
  }

  private void submit(Conversation conversation) {
    long turn = submitted++;
    conversation.history =
        concat(conversation.history, tokens(random.nextInt(1, MOST_USER_TOKENS + 1)));
    SamplingParameters sampling =
        SamplingParameters.builder()
            .temperature(turn % 2)
            .seed(turn)
            .maxNewTokens(random.nextInt(1, MOST_NEW_TOKENS + 1))
            .ignoreEos(true)
            .build();
    GenerationRequest request =
        new GenerationRequest("turn " + turn, conversation.history, sampling, 0, 0);
    boolean cancels = turn % CANCEL_EVERY == CANCEL_EVERY - 1;
    AtomicReference<Generation> generation = new AtomicReference<>();
    GenerationFuture answer =
        new GenerationFuture(
            text -> {
              Generation own = generation.get();
              if (cancels && own != null) {
                own.cancel();
              }
            });
    answer.whenComplete((result, error) -> ended.add(new Ended(conversation, result, error)));
    generation.set(engine.submit(request, answer));
  }

  private int[] tokens(int count) {
    return random.ints(count, 0, vocabulary).toArray();
  }

  private static int[] concat(int[] a, int[] b) {
    return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }
}
