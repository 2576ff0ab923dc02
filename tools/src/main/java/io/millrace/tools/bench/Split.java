package io.millrace.tools.bench;

import io.millrace.engine.runtime.StepTimings.Part;

/** Where an average step's time goes, in milliseconds. */
record Split(
    double linearMs, double attentionMs, double samplingMs, double schedulingMs, double otherMs) {

  static Split of(long[] nanosByPart, int steps) {
    double scale = 1e6 * steps;
    return new Split(
        nanosByPart[Part.LINEAR.ordinal()] / scale,
        nanosByPart[Part.ATTENTION.ordinal()] / scale,
        nanosByPart[Part.SAMPLING.ordinal()] / scale,
        nanosByPart[Part.SCHEDULING.ordinal()] / scale,
        nanosByPart[Part.OTHER.ordinal()] / scale);
  }

  double totalMs() {
    return linearMs + attentionMs + samplingMs + schedulingMs + otherMs;
  }
}
