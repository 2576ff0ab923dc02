package io.millrace.tools.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What a run of {@link Chaos} did and what came of it. */
public final class ChaosReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Verdict verdict;
  private final int regenerated;
  private final Map<Fault, Integer> faults;
  private final int checkpoints;
  private final long seed;
  private final double minutes;

  /**
   * @param regenerated requests whose answer was streamed, in part at least, more than once
   */
  ChaosReport(
      Verdict verdict,
      int regenerated,
      Map<Fault, Integer> faults,
      int checkpoints,
      long seed,
      double minutes) {
    this.verdict = verdict;
    this.regenerated = regenerated;
    this.faults = faults;
    this.checkpoints = checkpoints;
    this.seed = seed;
    this.minutes = minutes;
  }

  /** Whether everything was answered once, in order, with the right content. */
  public boolean isClean() {
    return verdict.isClean();
  }

  /** As one line of JSON. */
  public String json() {
    ObjectNode line = JSON.createObjectNode();
    line.put("requests", verdict.requests());
    line.put("completions", verdict.completions());
    line.put("duplicates", verdict.duplicates());
    line.put("losses", verdict.losses());
    line.put("orderViolations", verdict.orderViolations());
    line.put("contentMismatches", verdict.contentMismatches());
    line.put("regenerated", regenerated);
    ObjectNode kinds = line.putObject("faults");
    faults.forEach((fault, count) -> kinds.put(fault.name(), count));
    line.put("checkpoints", checkpoints);
    line.put("seed", seed);
    line.put("minutes", minutes);
    return line.toString();
  }
}
