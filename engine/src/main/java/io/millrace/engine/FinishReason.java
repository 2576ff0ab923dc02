package io.millrace.engine;

/** Why a generation ended. */
public enum FinishReason {
  /** The model ended its answer, or a stop string or stop id was reached. */
  STOP,
  /** max_new_tokens or the context length was reached. */
  LENGTH,
  /** The deadline passed; the answer holds what was generated until then. */
  DEADLINE,
  /** The request was cancelled; the answer holds what was generated until then. */
  CANCELLED
}
