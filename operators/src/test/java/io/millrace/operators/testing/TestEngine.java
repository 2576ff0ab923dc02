package io.millrace.operators.testing;

import io.millrace.engine.Admission;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineStats;
import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.FinishReason;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.Timings;
import io.millrace.engine.Usage;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.ChatFormats;
import io.millrace.engine.model.ChatInfo;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.SummaryInfo;
import io.millrace.engine.tokenize.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An engine without a model that a test drives by hand. Its answer is a hash of the whole prompt,
 * so that a wrong history or order shows in the text.
 */
public final class TestEngine implements Engine {
  public static final int MAX_SEQUENCE = 400;
  public static final String MODEL = "test-model";

  /** Submitting a request with this id fails in a way that no contract names. */
  public static final String UNLUCKY = "unlucky";

  private final Tokenizer tokenizer = new CharTokenizer();
  private final ChatFormat format;
  private final Map<String, Call> running = new LinkedHashMap<>();
  private final List<GenerationRequest> seen = new ArrayList<>();
  private final Admission admission;
  private int context = MAX_SEQUENCE;
  private SummaryInfo summaries;
  private boolean closed;

  private record Call(GenerationRequest request, GenerationListener listener) {}

  /** What this engine answers to a prompt. */
  public static String answerTo(int[] prompt) {
    return "answer " + Integer.toHexString(Arrays.hashCode(prompt));
  }

  public TestEngine() {
    this("qwen2");
  }

  public TestEngine(String chatFormat) {
    this(chatFormat, 64);
  }

  /** An engine with so many places. */
  public TestEngine(int places) {
    this("qwen2", places);
  }

  /**
   * As one of another model.
   *
   * @param context greatest length of a sequence, in tokens
   * @param model what its manifest says of summaries; null for nothing
   */
  public TestEngine(int context, SummaryInfo model) {
    this();
    this.context = context;
    this.summaries = model;
  }

  private TestEngine(String chatFormat, int places) {
    admission = new Admission(places);
    format = ChatFormats.of(new ChatInfo(chatFormat, "Be helpful."), tokenizer);
  }

  @Override
  public synchronized Generation submit(GenerationRequest request, GenerationListener listener) {
    if (closed) {
      throw new EngineStoppedException("the engine is closed");
    }
    if (request.id().equals(UNLUCKY)) {
      throw new ArrayIndexOutOfBoundsException("a bug of the engine");
    }
    running.put(request.id(), new Call(request, listener));
    seen.add(request);
    return () -> cancel(request.id());
  }

  private synchronized void cancel(String id) {
    if (running.containsKey(id)) {
      finish(id, FinishReason.CANCELLED);
    }
  }

  /** Ids of the requests that wait for an answer, in the order in which they came. */
  public synchronized List<String> running() {
    return List.copyOf(running.keySet());
  }

  /** Every request so far, in order. */
  public synchronized List<GenerationRequest> seen() {
    return List.copyOf(seen);
  }

  /** The latest request, as text. */
  public synchronized String lastPrompt() {
    return tokenizer.decode(seen.get(seen.size() - 1).prompt());
  }

  public void answer(String id) {
    finish(id, FinishReason.STOP);
  }

  public void finish(String id, FinishReason reason) {
    Call call = take(id);
    boolean cut = reason == FinishReason.CANCELLED;
    finish(call, reason, cut ? "partial" : answerTo(call.request.prompt()));
  }

  /** Answers with this text. */
  public void answer(String id, String text) {
    finish(take(id), FinishReason.STOP, text);
  }

  /** Answers with this text, cut at its greatest length. */
  public void cut(String id, String text) {
    finish(take(id), FinishReason.LENGTH, text);
  }

  private void finish(Call call, FinishReason reason, String text) {
    int[] prompt = call.request.prompt();
    int[] tokens = tokenizer.encode(text);
    call.listener.onFinished(
        new GenerationResult(
            tokens,
            text,
            reason,
            new Usage(prompt.length, 0, tokens.length, 0, 0),
            new Timings(1, 2, 3),
            List.of()));
  }

  public synchronized void text(String id, int index, String text) {
    running.get(id).listener.onText(index, text);
  }

  /** The listener of a running request, to call it in ways that no good engine does. */
  public synchronized GenerationListener listener(String id) {
    return running.get(id).listener;
  }

  public synchronized void fail(String id, Throwable error) {
    take(id).listener.onError(error);
  }

  /** Fails all that runs. Tasks that end meanwhile may cancel; none is failed and cancelled. */
  public synchronized void failAll(Throwable error) {
    running().forEach(id -> fail(id, error));
  }

  /** Stops, and fails all that runs, as an engine does whose thread has died. */
  public synchronized void die(String... suspects) {
    closed = true;
    for (String id : running()) {
      boolean suspect = List.of(suspects).contains(id);
      fail(id, new EngineStoppedException("the engine failed: on purpose", null, suspect));
    }
  }

  private synchronized Call take(String id) {
    Call call = running.remove(id);
    if (call == null) {
      throw new AssertionError(id + " is not running, but " + running.keySet());
    }
    return call;
  }

  @Override
  public Admission admission() {
    return admission;
  }

  @Override
  public synchronized boolean isStopped() {
    return closed;
  }

  @Override
  public Manifest manifest() {
    return new Manifest(
        Manifest.VERSION, MODEL, null, null, null, null, summaries, List.of(), Map.of(), "f00d");
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public ChatFormat chatFormat() {
    return format;
  }

  @Override
  public int maxSequenceLength() {
    return context;
  }

  @Override
  public EngineStats stats() {
    return new EngineStats(running.size(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
