package io.millrace.engine.schedule;

import io.millrace.engine.kv.BlockPool;
import java.util.List;

/** Adds drafts to the decodes of a plan while rows are cheap and blocks are plenty. */
final class DraftRows {
  private final Limits limits;
  private final BlockPool pool;

  DraftRows(Limits limits, BlockPool pool) {
    this.limits = limits;
    this.pool = pool;
  }

  /**
   * Adds drafts to decodes. No sequence loses a block to a draft, and every running sequence still
   * finds a block for its next token.
   *
   * @param running how many sequences run
   * @return draft tokens added
   */
  int addTo(List<ScheduledTokens> decodes, int running) {
    int left = limits.draftRows() - decodes.size();
    int drafting = (int) decodes.stream().filter(c -> c.sequence().drafter() != null).count();
    int added = 0;
    for (int i = 0; i < decodes.size() && left > added; i++) {
      Sequence sequence = decodes.get(i).sequence();
      if (sequence.drafter() == null) {
        continue;
      }
      int share = (left - added + drafting - 1) / drafting--;
      int[] draft = sequence.draft(share, pool.available() - running);
      if (draft.length > 0) {
        decodes.set(i, decodes.get(i).with(draft));
        added += draft.length;
      }
    }
    return added;
  }
}
