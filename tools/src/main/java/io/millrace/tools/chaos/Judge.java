package io.millrace.tools.chaos;

import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.FinishReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares everything that the job wrote with what it must have written. */
final class Judge {
  private static final int MAX_FINDINGS = 20;

  private final List<List<Answer>> answers;
  private final List<String> findings = new ArrayList<>();

  /**
   * @param answers of each script to each of its steps
   */
  Judge(List<List<Answer>> answers) {
    this.answers = answers;
  }

  /** What was wrong, the first of it. */
  List<String> findings() {
    return findings;
  }

  /**
   * @param sent every request that was sent, each once
   * @param completions the whole topic, each conversation in its order there
   * @param chunks the whole topic
   */
  Verdict judge(
      Collection<ConversationRequest> sent,
      List<Completion> completions,
      List<CompletionChunk> chunks) {
    Set<String> answered = new HashSet<>();
    Map<String, Integer> latest = new HashMap<>();
    int duplicates = 0;
    int disorder = 0;
    int mismatches = 0;
    for (Completion completion : completions) {
      String id = completion.getRequestId();
      if (!answered.add(id)) {
        duplicates++;
        find("a second completion of " + id);
        continue;
      }
      if (!expected(id).is(completion)) {
        mismatches++;
        find("expected " + expected(id) + " but got " + completion);
      }
      if (completion.getFinishReason() == FinishReason.CANCELLED) {
        // A CANCEL is confirmed when it comes, before what waits.
        continue;
      }
      int step = Script.stepOf(id);
      Integer before = latest.put(completion.getConversationId(), step);
      if (before != null && before > step) {
        disorder++;
        find(id + " was answered after step " + before);
      }
    }
    int losses = 0;
    for (ConversationRequest request : sent) {
      if (!answered.contains(request.getRequestId())) {
        losses++;
        find("no completion of " + request.getRequestId());
      }
    }
    mismatches += chunkMismatches(sent, chunks);
    return new Verdict(sent.size(), completions.size(), duplicates, losses, disorder, mismatches);
  }

  /** Every chunk, sent again or not, and that every streamed answer came to its end in chunks. */
  private int chunkMismatches(Collection<ConversationRequest> sent, List<CompletionChunk> chunks) {
    int mismatches = 0;
    Map<String, Set<Integer>> seen = new TreeMap<>();
    for (CompletionChunk chunk : chunks) {
      List<String> texts = expected(chunk.getRequestId()).chunks();
      int index = chunk.getIndex();
      seen.computeIfAbsent(chunk.getRequestId(), id -> new TreeSet<>()).add(index);
      String text = index < texts.size() ? texts.get(index) : "";
      if (index > texts.size()
          || chunk.getLast() != (index == texts.size())
          || !text.equals(chunk.getText())) {
        mismatches++;
        find("expected the chunk \"" + text + "\" but got " + chunk);
      }
    }
    for (ConversationRequest request : sent) {
      int all = request.getStream() ? expected(request.getRequestId()).chunks().size() + 1 : 0;
      int got = seen.getOrDefault(request.getRequestId(), Set.of()).size();
      if (got != all) {
        mismatches++;
        find(request.getRequestId() + " has " + got + " different chunks, not " + all);
      }
    }
    return mismatches;
  }

  private Answer expected(String requestId) {
    return answers.get(Script.numberOf(requestId)).get(Script.stepOf(requestId));
  }

  private void find(String finding) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(finding);
    }
  }
}
