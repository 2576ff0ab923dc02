package io.millrace.engine.batching;

import io.millrace.engine.FinishReason;
import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.schedule.ScheduledTokens;
import io.millrace.engine.schedule.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Chooses the generations' next tokens from the rows of the latest step. What a generation's first
 * row gives depends on that generation alone, so these are chosen ahead on all threads; then each
 * generation takes its token, and those of its draft's rows, in turn.
 */
final class BatchSampler {
  private final RowSampler[] choosers;
  private final ModelRuntime runtime;
  private final List<RunningGeneration> expected = new ArrayList<>();
  private int[] firstRows = new int[64];
  private int rows;

  /** By logit row: what was chosen ahead, or why it could not be. */
  private Object[] ahead = {};

  BatchSampler(ModelRuntime runtime, int vocabulary) {
    this.runtime = runtime;
    choosers = new RowSampler[runtime.workers()];
    Arrays.setAll(choosers, i -> new RowSampler(runtime, vocabulary));
  }

  /** Forgets the step before. */
  void clear() {
    expected.clear();
    rows = 0;
  }

  /** Names the next chunk of the step: its generation and how many rows of logits it has. */
  void expect(RunningGeneration generation, int logitRows) {
    if (logitRows > 0) {
      if (expected.size() == firstRows.length) {
        firstRows = Arrays.copyOf(firstRows, 2 * firstRows.length);
      }
      firstRows[expected.size()] = rows;
      expected.add(generation);
      rows += logitRows;
    }
  }

  /** Chooses from every generation's first row. */
  void chooseFirst() {
    if (ahead.length < rows) {
      ahead = new Object[rows];
    }
    Arrays.fill(ahead, null);
    runtime.share(expected.size(), this::chooseAhead);
  }

  private void chooseAhead(int item, int worker) {
    int row = firstRows[item];
    try {
      ahead[row] = choosers[worker].choose(expected.get(item), row);
    } catch (RuntimeException e) {
      ahead[row] = e;
    }
  }

  /**
   * Takes the next token and, as long as the draft foresaw what is chosen, the one after it: each
   * from the same logits, at the same position and after the same tokens as without a draft.
   *
   * @param firstRow of the chunk's rows of logits
   * @return why the generation is over, or null if it goes on
   */
  FinishReason choose(RunningGeneration generation, ScheduledTokens chunk, int firstRow) {
    Sequence sequence = generation.sequence();
    int[] draft = chunk.draft();
    int accepted = 0;
    FinishReason reason = accept(generation, first(firstRow));
    while (reason == null && accepted < draft.length && sequence.last() == draft[accepted]) {
      accepted++;
      reason = accept(generation, choosers[0].choose(generation, firstRow + accepted));
    }
    sequence.settle(draft, accepted);
    return reason;
  }

  private SampledToken first(int row) {
    if (ahead[row] instanceof RuntimeException e) {
      throw e;
    }
    return (SampledToken) ahead[row];
  }

  private static FinishReason accept(RunningGeneration generation, SampledToken choice) {
    return generation.accept(choice.token(), choice.logprobs());
  }
}
