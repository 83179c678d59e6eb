package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.opentelemetry.api.trace.Span;
import java.util.ArrayList;
import java.util.List;

/** Says on a span which of the signals behind gates were computed. Immutable. */
final class SampledSignals {
  private final ReadingLayout layout;
  private final int[] gated;

  SampledSignals(ReadingLayout layout) {
    this.layout = layout;
    List<Integer> signals = new ArrayList<>();
    for (int signal = 0; signal < layout.size(); signal++) {
      if (layout.isSampled(signal)) {
        signals.add(signal);
      }
    }
    this.gated = signals.stream().mapToInt(Integer::intValue).toArray();
  }

  void write(Reading reading, Span span) {
    List<String> computed = null;
    for (int signal : gated) {
      if (reading.isRead(signal)) {
        computed = computed == null ? new ArrayList<>() : computed;
        computed.add(layout.signal(signal).id());
      }
    }
    if (computed != null) {
      span.setAttribute(Keys.SAMPLED_SIGNALS, computed);
    }
  }
}
