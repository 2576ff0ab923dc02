package io.millrace.engine.schedule;

import io.millrace.engine.kv.BlockTable;
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
  private final float ropeAlpha;
  private int[] tokens;
  private int length;
  private int computed;
  private int highWater;
  private int cachedTokens;
  private BlockTable table;
  State state = State.NEW;
  long arrival;

  /**
   * @param prompt is copied
   * @param priority higher runs earlier
   * @param tenant whose it is: tenants of one priority share the engine
   * @param ropeAlpha stays the same for the sequence's whole life
   */
  public Sequence(int[] prompt, int priority, String tenant, float ropeAlpha) {
    this.priority = priority;
    this.tenant = tenant;
    this.promptLength = prompt.length;
    this.ropeAlpha = ropeAlpha;
    tokens = Arrays.copyOf(prompt, prompt.length + 16);
    length = prompt.length;
  }

  void attach(BlockTable blockTable) {
    table = blockTable;
  }

  /** Takes over what the prefix cache holds of the tokens to come, all but the last one. */
  void adoptCached() {
    if (computed == table.fullBlocks() * table.blockSize()) {
      computed = table.adopt(tokens, length - 1);
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

  public float ropeAlpha() {
    return ropeAlpha;
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
