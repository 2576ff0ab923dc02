package io.millrace.tools.eval;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Rouge of summaries against their references, by document and averaged by group. */
public final class SummaryScores {

  private record Scored(
      SummaryTask task, String text, Rouge.Score one, Rouge.Score two, Rouge.Score l) {}

  private final List<Scored> all = new ArrayList<>();

  public void add(SummaryTask task, String text) {
    all.add(
        new Scored(
            task,
            text,
            Rouge.n(1, task.reference(), text),
            Rouge.n(2, task.reference(), text),
            Rouge.l(task.reference(), text)));
  }

  /** A table in Markdown: means of each group, and of all where there are several. */
  public String table() {
    StringBuilder table =
        new StringBuilder(
            "| documents | number | Rouge-1 | Rouge-2 | Rouge-L | recall (L) | precision (L) |%n"
                    .formatted()
                + "| --- | --- | --- | --- | --- | --- | --- |%n".formatted());
    groups()
        .forEach(
            (group, scored) ->
                table.append(
                    "| %s | %d | %.3f | %.3f | %.3f | %.3f | %.3f |%n"
                        .formatted(
                            group,
                            scored.size(),
                            mean(scored, s -> s.one.f()),
                            mean(scored, s -> s.two.f()),
                            mean(scored, s -> s.l.f()),
                            mean(scored, s -> s.l.recall()),
                            mean(scored, s -> s.l.precision()))));
    return table.toString();
  }

  /**
   * A table in Markdown of several ways to make the summaries of the same documents: Rouge-L and
   * its recall, a column for each group.
   */
  public static String comparison(Map<String, SummaryScores> ways) {
    StringBuilder table = new StringBuilder();
    ways.forEach(
        (way, scores) -> {
          Map<String, List<Scored>> groups = scores.groups();
          if (table.isEmpty()) {
            table.append("| |");
            groups.keySet().forEach(group -> table.append(" ").append(group).append(" |"));
            table.append("%n|".formatted()).append(" --- |".repeat(groups.size() + 1));
          }
          table.append("%n| %s |".formatted(way));
          groups
              .values()
              .forEach(
                  scored ->
                      table.append(
                          " %.3f (%.3f) |"
                              .formatted(
                                  mean(scored, s -> s.l.f()), mean(scored, s -> s.l.recall()))));
        });
    return table.append("%n".formatted()).toString();
  }

  /** Everything: the means of each group and the scores and texts of each document. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode means = json.putObject("groups");
    groups()
        .forEach(
            (group, scored) ->
                means
                    .putObject(group)
                    .put("documents", scored.size())
                    .put("rouge1", mean(scored, s -> s.one.f()))
                    .put("rouge2", mean(scored, s -> s.two.f()))
                    .put("rougeL", mean(scored, s -> s.l.f()))
                    .put("rougeL_recall", mean(scored, s -> s.l.recall()))
                    .put("rougeL_precision", mean(scored, s -> s.l.precision())));
    ArrayNode documents = json.putArray("documents");
    for (Scored scored : all) {
      documents
          .addObject()
          .put("id", scored.task.id())
          .put("group", scored.task.group())
          .put("rouge1", scored.one.f())
          .put("rouge2", scored.two.f())
          .put("rougeL", scored.l.f())
          .put("text", scored.text);
    }
    return json;
  }

  private Map<String, List<Scored>> groups() {
    Map<String, List<Scored>> groups = new LinkedHashMap<>();
    all.forEach(s -> groups.computeIfAbsent(s.task.group(), g -> new ArrayList<>()).add(s));
    if (groups.size() > 1) {
      groups.put("all", all);
    }
    return groups;
  }

  private static double mean(List<Scored> scored, ToDoubleFunction<Scored> value) {
    return scored.stream().mapToDouble(value).average().orElseThrow();
  }
}
