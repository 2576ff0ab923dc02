package io.millrace.tools.bench.soak;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Draws resident memory and heap over the turns of a long run, as SVG. */
public final class SoakChart {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 320;
  private static final int LEFT = 70;
  private static final int TOP = 40;
  private static final int RIGHT = 20;
  private static final int BOTTOM = 50;
  private static final int LINES = 5;

  private final List<SoakSample> samples;
  private final long turns;
  private final double top;

  private SoakChart(List<SoakSample> samples) {
    this.samples = samples;
    turns = samples.get(samples.size() - 1).turns();
    long most = samples.stream().mapToLong(SoakSample::residentBytes).max().orElseThrow();
    top = Math.ceil(megabytes(most) / 100) * 100;
  }

  /** Returns a whole SVG document. */
  public static String of(List<SoakSample> samples) {
    return new SoakChart(samples).draw();
  }

  private String draw() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>\n"
            .formatted(WIDTH, HEIGHT));
    svg.append("<rect width='100%' height='100%' fill='white'/>\n");
    for (int i = 0; i <= LINES; i++) {
      double y = y(top * i / LINES);
      svg.append(
          format(
              "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#ddd'/><text x='%d' y='%.1f' text-anchor='end'>%.0f MB</text>\n",
              LEFT, WIDTH - RIGHT, y, y, LEFT - 8, y + 4, top * i / LINES));
      svg.append(
          format(
              "<text x='%.1f' y='%d' text-anchor='middle'>%d</text>\n",
              x(turns * i / LINES), HEIGHT - BOTTOM + 18, turns * i / LINES));
    }
    svg.append(
        format(
            "<text x='%d' y='%d' text-anchor='middle'>turns answered</text>\n",
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12));
    line(svg, "#1f6feb", "resident memory of the process", LEFT, SoakSample::residentBytes);
    line(svg, "#d1242f", "Java heap after a collection", LEFT + 260, SoakSample::heapBytes);
    return svg.append("</svg>\n").toString();
  }

  private void line(
      StringBuilder svg, String color, String name, int labelX, ToLongFunction<SoakSample> value) {
    String points =
        samples.stream()
            .map(s -> format("%.1f,%.1f", x(s.turns()), y(megabytes(value.applyAsLong(s)))))
            .collect(Collectors.joining(" "));
    svg.append(
        format(
            "<polyline points='%s' fill='none' stroke='%s' stroke-width='1.5'/><text x='%d' y='22' fill='%s'>%s</text>\n",
            points, color, labelX, color, name));
  }

  private double x(long turn) {
    return LEFT + (double) turn / turns * (WIDTH - LEFT - RIGHT);
  }

  private double y(double megabytes) {
    return HEIGHT - BOTTOM - megabytes / top * (HEIGHT - TOP - BOTTOM);
  }

  private static double megabytes(long bytes) {
    return bytes / 1e6;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
