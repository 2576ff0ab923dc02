package io.millrace.tools.chaos;

/**
 * How the job's whole output differs from what it must be.
 *
 * @param requests how many were sent, repeated ones counted once
 * @param completions how many were committed
 * @param duplicates completions of requests that had one
 * @param losses requests without a completion, dead-lettered ones among them
 * @param orderViolations completions behind one of a later request of their conversation
 * @param contentMismatches completions and chunks that say something else than the undisturbed
 *     model
 */
record Verdict(
    int requests,
    int completions,
    int duplicates,
    int losses,
    int orderViolations,
    int contentMismatches) {

  boolean isClean() {
    return duplicates == 0 && losses == 0 && orderViolations == 0 && contentMismatches == 0;
  }
}
