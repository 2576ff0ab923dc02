package io.millrace.tools.chaos;

import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.TopicSettings;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.ConversationRequest;
import io.millrace.tools.kafka.RequestWriter;
import io.millrace.tools.kafka.TopicReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Users that follow scripts: each sends a few requests at once and the next ones when these are
 * answered, sometimes one twice. Runs on a thread of its own.
 */
final class Load implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int MAX_BURST = 3;
  private static final int ONE_IN_REPEATED = 8;

  private final List<Script> scripts;
  private final Random random;
  private final RequestWriter writer;
  private final TopicReader<Completion> completions;
  private final TopicReader<CompletionChunk> chunks;
  private final List<User> users = new ArrayList<>();
  private final Map<String, ConversationRequest> sent = new LinkedHashMap<>();
  private final Set<String> open = new HashSet<>();
  private final Set<String> inGeneration = new HashSet<>();
  private final Thread thread = new Thread(this::run, "load");
  private final int firstUse;
  private int conversations;
  private volatile boolean ending;
  private volatile boolean ended;
  private volatile boolean closed;
  private volatile Exception failure;

  /** One user in one conversation after the other. */
  private final class User {
    private Script script;
    private String conversation;
    private int next;
    private final Set<String> waiting = new HashSet<>();

    private boolean isAtEnd() {
      return script == null || next == script.steps().size();
    }

    private void go() {
      if (isAtEnd()) {
        script = scripts.get(conversations % scripts.size());
        conversation = script.conversation(firstUse + conversations / scripts.size());
        conversations++;
        next = 0;
      }
      int burst = Math.min(1 + random.nextInt(MAX_BURST), script.steps().size() - next);
      List<ConversationRequest> requests = new ArrayList<>();
      for (int i = 0; i < burst; i++) {
        ConversationRequest request = script.request(conversation, next++);
        requests.add(request);
        waiting.add(request.getRequestId());
      }
      note(requests);
      if (random.nextInt(ONE_IN_REPEATED) == 0) {
        requests.add(requests.get(random.nextInt(burst)));
      }
      writer.sendTogether(requests);
    }
  }

  /**
   * @param firstUse of the scripts: one load's conversations are not another's
   */
  Load(MillraceConfig config, List<Script> scripts, int firstUse, int users, long seed) {
    this.firstUse = firstUse;
    this.scripts = scripts;
    this.random = new Random(seed);
    writer = new RequestWriter(config);
    completions =
        new TopicReader<>(config, config.get(TopicSettings.COMPLETIONS), Completion.class, true);
    chunks =
        new TopicReader<>(config, config.get(TopicSettings.CHUNKS), CompletionChunk.class, true);
    for (int i = 0; i < users; i++) {
      this.users.add(new User());
    }
  }

  Load start() {
    thread.start();
    return this;
  }

  private void run() {
    try {
      while (!closed && !ended) {
        read();
        boolean last = ending;
        boolean idle = true;
        for (User user : users) {
          if (user.waiting.isEmpty() && !(last && user.isAtEnd())) {
            user.go();
          }
          idle &= user.waiting.isEmpty();
        }
        writer.flush();
        ended = last && idle;
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private void read() {
    for (Completion completion : completions.poll(POLL)) {
      String id = completion.getRequestId();
      users.forEach(user -> user.waiting.remove(id));
      answered(id);
    }
    chunks.poll(POLL).forEach(this::generating);
  }

  private synchronized void note(List<ConversationRequest> requests) {
    for (ConversationRequest request : requests) {
      sent.put(request.getRequestId(), request);
      open.add(request.getRequestId());
    }
  }

  private synchronized void answered(String id) {
    open.remove(id);
    inGeneration.remove(id);
  }

  private synchronized void generating(CompletionChunk chunk) {
    String id = chunk.getRequestId();
    if (chunk.getLast()) {
      inGeneration.remove(id);
    } else if (open.contains(id)) {
      inGeneration.add(id);
    }
  }

  /** How many answers have begun, in chunks, and have not ended. */
  synchronized int inGeneration() {
    return inGeneration.size();
  }

  synchronized int answered() {
    return sent.size() - open.size();
  }

  /** Every request that was sent, repeated ones once. */
  synchronized List<ConversationRequest> sent() {
    return List.copyOf(sent.values());
  }

  /** Lets every conversation come to its end and begins no other. */
  void end() {
    ending = true;
  }

  /** Whether all that was sent is answered and nothing more will be. */
  boolean hasEnded() {
    return ended;
  }

  /**
   * @throws IllegalStateException if it cannot reach Kafka
   */
  void check() {
    if (failure != null) {
      throw new IllegalStateException("the load has failed: " + failure.getMessage(), failure);
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.join();
    writer.close();
    completions.close();
    chunks.close();
  }
}
