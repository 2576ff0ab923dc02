package io.millrace.tools.bench;

import io.millrace.engine.Admission.Ticket;
import io.millrace.engine.Engine;
import io.millrace.engine.GenerationFuture;
import io.millrace.engine.GenerationRequest;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Gives an engine the prompts of documents as a job must: those of a document's next stage when all
 * of its stage are answered, the first document's first, and never more than the engine has places.
 */
final class StagedReplay {

  /** Which prompt of which document, in the order in which they go. */
  private record Place(int document, int stage, int unit) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::document)
            .thenComparingInt(Place::stage)
            .thenComparingInt(Place::unit);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /** The stages of a document that have not begun, and what is open of the one that has. */
  private static final class Stages {
    private final Deque<TreeMap<Place, GenerationRequest>> later = new ArrayDeque<>();
    private int open;
  }

  private final Engine engine;
  private final Map<Integer, Stages> documents = new HashMap<>();
  private final TreeMap<Place, GenerationRequest> ready = new TreeMap<>();
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private Ticket waiting;
  private int open;
  private Throwable failure;

  private StagedReplay(Engine engine, List<GenerationRequest> prompts) {
    this.engine = engine;
    open = prompts.size();
    Map<String, Integer> numbers = new HashMap<>();
    TreeMap<Place, GenerationRequest> all = new TreeMap<>();
    for (GenerationRequest prompt : prompts) {
      // The document's id, which may contain slashes, the stage and the unit.
      String id = prompt.id();
      int unit = id.lastIndexOf('/');
      int stage = id.lastIndexOf('/', unit - 1);
      int document = numbers.computeIfAbsent(id.substring(0, stage), key -> numbers.size());
      all.put(
          new Place(
              document,
              Integer.parseInt(id.substring(stage + 1, unit)),
              Integer.parseInt(id.substring(unit + 1))),
          prompt);
    }
    Place before = null;
    for (Map.Entry<Place, GenerationRequest> entry : all.entrySet()) {
      Place place = entry.getKey();
      Stages stages = documents.computeIfAbsent(place.document, number -> new Stages());
      if (before == null || before.document != place.document || before.stage != place.stage) {
        stages.later.add(new TreeMap<>());
      }
      stages.later.getLast().put(place, entry.getValue());
      before = place;
    }
  }

  /**
   * Waits until all are answered.
   *
   * @param prompts with ids of the form document/stage/unit, each document's in any order
   * @throws IllegalStateException if the engine fails on one
   */
  static void answer(Engine engine, List<GenerationRequest> prompts) throws InterruptedException {
    new StagedReplay(engine, prompts).run();
  }

  private void run() throws InterruptedException {
    documents.values().forEach(this::begin);
    submit();
    while (open > 0 && failure == null) {
      events.take().run();
    }
    if (failure != null) {
      throw new IllegalStateException("the engine has failed on a prompt", failure);
    }
  }

  private void begin(Stages stages) {
    if (!stages.later.isEmpty()) {
      TreeMap<Place, GenerationRequest> stage = stages.later.remove();
      stages.open = stage.size();
      ready.putAll(stage);
    }
  }

  /** Submits what there are places for; asks for one place at a time. */
  private void submit() {
    while (!ready.isEmpty()) {
      if (waiting == null) {
        GenerationRequest next = ready.firstEntry().getValue();
        waiting =
            engine
                .admission()
                .enter(next.priority(), next.tenant(), false, () -> events.add(this::submit));
      }
      if (!waiting.take()) {
        return;
      }
      Map.Entry<Place, GenerationRequest> first = ready.pollFirstEntry();
      submit(first.getKey(), first.getValue(), waiting);
      waiting = null;
    }
  }

  private void submit(Place place, GenerationRequest prompt, Ticket ticket) {
    GenerationFuture.submit(engine, prompt)
        .whenComplete(
            (result, error) ->
                events.add(error == null ? () -> answered(place, ticket) : () -> failure = error));
  }

  private void answered(Place place, Ticket ticket) {
    ticket.close();
    open--;
    Stages stages = documents.get(place.document);
    if (--stages.open == 0) {
      begin(stages);
    }
    submit();
  }
}
