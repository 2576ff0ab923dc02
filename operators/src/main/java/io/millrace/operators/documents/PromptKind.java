package io.millrace.operators.documents;

/** What the model is asked for. */
public enum PromptKind {
  /** The summary of a part of the document. */
  CHUNK,
  /** One summary of partial summaries. */
  COMBINE,
  /** A summary so far, with the next part taken in. */
  REFINE
}
