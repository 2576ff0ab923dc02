package io.millrace.engine.schedule.draft;

/** Drafts the next tokens of one sequence and learns from which of them came true. */
public final class Drafter {
  private static final int[] NOTHING = {};

  private final int maxLength;
  private final PromptLookup lookup;
  private final DraftPace pace;
  private int drafted;
  private int accepted;

  /**
   * @param draftTokens most tokens in one draft
   * @param maxLength the sequence never grows beyond this
   */
  public Drafter(Drafting drafting, int draftTokens, int maxLength) {
    this.maxLength = maxLength;
    lookup = new PromptLookup(drafting.longestNgram(), drafting.shortestNgram());
    pace = new DraftPace(draftTokens);
  }

  /**
   * Guesses the tokens that follow; perhaps none. A step gives one token more than were guessed
   * right, so a draft is at least one token shorter than what the sequence may still grow by.
   *
   * @param tokens the first {@code length} are the sequence so far
   * @param room draft at most this many
   */
  public int[] draft(int[] tokens, int length, int room) {
    int count = Math.min(pace.next(), Math.min(room, maxLength - length - 1));
    return count > 0 ? lookup.guess(tokens, length, count) : NOTHING;
  }

  /**
   * Hears how a draft that was computed came out.
   *
   * @param right how many of its tokens, from the first on, were the ones chosen
   */
  public void learn(int[] draft, int right) {
    drafted += draft.length;
    accepted += right;
    pace.learn(draft.length, right);
  }

  /** Tokens that were computed on trial. */
  public int drafted() {
    return drafted;
  }

  /** How many of them came true, each of which saved a step. */
  public int accepted() {
    return accepted;
  }
}
