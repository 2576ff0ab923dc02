package io.millrace.operators.documents;

/** How the parts of a document become one summary. */
public enum SummaryStrategy {
  /** Parts are summarised by themselves, and their summaries in groups until one remains. */
  MAP_REDUCE,
  /** One summary goes through the document and takes in part after part. */
  REFINE
}
