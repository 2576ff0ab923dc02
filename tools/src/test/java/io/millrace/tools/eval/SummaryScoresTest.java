package io.millrace.tools.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryScoresTest {

  @Test
  void shouldCompareWaysByGroup() {
    SummaryScores good = new SummaryScores();
    good.add(task("1", "en"), "the mill turns by night");
    good.add(task("2", "zh"), "the mill");
    SummaryScores bad = new SummaryScores();
    bad.add(task("1", "en"), "nothing of it");
    bad.add(task("2", "zh"), "the mill turns slowly by day and by night");
    Map<String, SummaryScores> ways = new LinkedHashMap<>();
    ways.put("good", good);
    ways.put("bad", bad);
    // Rouge-L of "the mill": 2 of 5 words are there, 2 of 2 are right: 2 * 0.4 * 1 / 1.4.
    assertThat(SummaryScores.comparison(ways))
        .isEqualToIgnoringNewLines(
            """
            | | en | zh | all |
            | --- | --- | --- | --- |
            | good | 1.000 (1.000) | 0.571 (0.400) | 0.786 (0.700) |
            | bad | 0.000 (0.000) | 0.714 (1.000) | 0.357 (0.500) |
            """);
  }

  private static SummaryTask task(String id, String group) {
    return new SummaryTask(id, group, "whatever", "the mill turns by night");
  }
}
