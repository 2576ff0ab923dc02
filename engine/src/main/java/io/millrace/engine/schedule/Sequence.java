package io.millrace.engine.schedule;

import io.millrace.engine.kv.BlockTable;
import io.millrace.engine.kv.PrefixHashes;
import io.millrace.engine.kv.PrefixKey;
import io.millrace.engine.schedule.draft.Drafter;
import java.util.Arrays;

/** The token ids of one prompt and its growing answer, and how far their KV is computed. */
public final class Sequence implements FairQueue.Entry {

  /** Where the planner has it. */
  enum State {
    NEW,
    WAITING,
    RUNNING,
    ENDED
  }

  private final int priority;
  private final String tenant;
  private final int promptLength;
  private final PrefixKey prefixKey;
  private int[] tokens;
  private int length;
  private int computed;
  private int highWater;
  private int cachedTokens;
  private BlockTable table;
  private PrefixHashes prefix;
  private Drafter drafter;
  State state = State.NEW;
  long arrival;

  /**
   * @param prompt is copied
   * @param priority higher runs earlier
   * @param tenant who sent it; tenants of one priority share the engine
   * @param prefixKey with whom it may share blocks; stays the same for its whole life
   */
  public Sequence(int[] prompt, int priority, String tenant, PrefixKey prefixKey) {
    this.priority = priority;
    this.tenant = tenant;
    this.promptLength = prompt.length;
    this.prefixKey = prefixKey;
    tokens = Arrays.copyOf(prompt, prompt.length + 16);
    length = prompt.length;
  }

  void attach(BlockTable blockTable) {
    table = blockTable;
    prefix = blockTable.prefixHashes(tokens, promptLength);
  }

  /** Lets this sequence guess its next tokens. */
  public void draftWith(Drafter itsDrafter) {
    drafter = itsDrafter;
  }

  /** Null where it doesn't guess. */
  Drafter drafter() {
    return drafter;
  }

  /** Takes over what the prefix cache holds of the tokens to come, all but the last one. */
  void adoptCached() {
    computed = Math.max(computed, table.adopt(tokens, length - 1));
  }

  /**
   * Whether the block that the other one computes next belongs to this one's prompt as well, before
   * its last token, and isn't there yet.
   */
  boolean needsNextBlockOf(Sequence other) {
    int block = other.computed / table.blockSize();
    int end = (block + 1) * table.blockSize();
    return end > computed && end < length && prefix.alikeThrough(block, other.prefix);
  }

  /** Drafts at most so many tokens, with at most so many blocks more than it has. */
  int[] draft(int room, int blocks) {
    int own = table.size() * table.blockSize() - length;
    int[] draft =
        drafter.draft(
            tokens, length, Math.min(room, own + Math.max(0, blocks) * table.blockSize()));
    table.reserve(length + draft.length);
    return draft;
  }

  /**
   * Keeps of a draft what came true.
   *
   * @param accepted how many of its tokens, from the first on, have been appended since
   */
  public void settle(int[] draft, int accepted) {
    advance(accepted);
    table.trim(length);
    if (draft.length > 0) {
      drafter.learn(draft, accepted);
    }
  }

  /** Counts tokens as computed. What a chunk skipped beyond the high water came from the cache. */
  void advance(int count) {
    cachedTokens += Math.max(0, Math.min(computed, promptLength) - highWater);
    computed += count;
    highWater = Math.max(highWater, computed);
    table.commit(tokens, computed);
  }

  void releaseBlocks() {
    table.release();
    computed = 0;
  }

  void discardBlocks() {
    table.discard();
    computed = 0;
  }

  /** Adds a generated token. */
  public void append(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
    }
    tokens[length++] = token;
  }

  /** The latest token. */
  public int last() {
    return tokens[length - 1];
  }

  /** Prompt and answer; the first {@link #length()} are valid. */
  public int[] tokens() {
    return tokens;
  }

  public int length() {
    return length;
  }

  public int promptLength() {
    return promptLength;
  }

  /** The generated ids. */
  public int[] generated() {
    return Arrays.copyOfRange(tokens, promptLength, length);
  }

  public int generatedCount() {
    return length - promptLength;
  }

  /** Tokens whose keys and values are in the blocks. */
  public int computed() {
    return computed;
  }

  /** Tokens that must still be computed before the next one can be chosen; at least 1. */
  public int pending() {
    return length - computed;
  }

  /** Prompt tokens that came from the prefix cache and were never computed here. */
  public int cachedTokens() {
    return cachedTokens;
  }

  /** Tokens computed on trial. */
  public int draftedTokens() {
    return drafter == null ? 0 : drafter.drafted();
  }

  /** Tokens computed on trial that came true. */
  public int acceptedTokens() {
    return drafter == null ? 0 : drafter.accepted();
  }

  public PrefixKey prefixKey() {
    return prefixKey;
  }

  @Override
  public int priority() {
    return priority;
  }

  @Override
  public String tenant() {
    return tenant;
  }

  @Override
  public long arrival() {
    return arrival;
  }

  public BlockTable table() {
    return table;
  }
}
