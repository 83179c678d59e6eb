package io.innerspan.extension;

import io.innerspan.extension.governor.Governor;
import io.innerspan.extension.governor.GovernorListener;
import io.innerspan.extension.governor.GovernorSettings;
import io.innerspan.extension.governor.JvmPressure;
import io.innerspan.extension.governor.Pressure;
import io.innerspan.onnxruntime.graft.Gating;
import io.innerspan.signals.ReadingLayout;
import io.opentelemetry.api.baggage.Baggage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** When signals behind gates are computed: always, for a share of the inferences, or on demand. */
final class Sampling {
  /** The baggage entry that asks for all signals, and what it must hold. */
  static final String BAGGAGE = "innerspan.signals";

  private static final String ALL = "all";

  private final GovernorSettings settings;
  private final boolean onDemand;
  private final boolean strict;
  private final Pressure pressure = new JvmPressure();

  /**
   * @param onDemand whether baggage can ask for all signals
   * @param strict whether the budget holds for signals of trivial cost as well
   */
  Sampling(GovernorSettings settings, boolean onDemand, boolean strict) {
    this.settings = settings;
    this.onDemand = onDemand;
    this.strict = strict;
  }

  /** Which signals of a graft lie behind gates, unless their pack wants them always. */
  Gating gating() {
    return strict ? Gating.ALL : Gating.BY_COST;
  }

  /** Governs the gates of one model. */
  Governor governor(ReadingLayout layout, int gates, GovernorListener listener) {
    List<List<String>> signals = new ArrayList<>();
    for (int gate = 0; gate < gates; gate++) {
      signals.add(new ArrayList<>());
    }
    for (int signal = 0; signal < layout.size(); signal++) {
      if (layout.gate(signal) != ReadingLayout.ALWAYS_OPEN) {
        signals.get(layout.gate(signal)).add(layout.signal(signal).id());
      }
    }
    return new Governor(
        settings,
        signals,
        layout.standingGates(),
        pressure,
        listener,
        ThreadLocalRandom.current().nextLong());
  }

  /** Whether the inference that begins now shall compute all signals. */
  boolean isDemanded() {
    return onDemand && ALL.equals(Baggage.current().getEntryValue(BAGGAGE));
  }
}
