package io.innerspan.signals.pack;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.TokenSelection;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** {@code activation_summary}. */
final class ActivationSummaryFormat extends SignalFormat<ActivationSummary> {
  ActivationSummaryFormat() {
    super("activation_summary", ActivationSummary.class);
  }

  @Override
  ActivationSummary read(SignalInput in) {
    String id = in.id();
    HookPoint hookPoint = in.hookPoint();
    HookPoint previous = in.fields().has("previous") ? in.hookPoint("previous") : null;
    TokenSelection tokens = in.tokens();
    Set<Statistic> statistics = EnumSet.noneOf(Statistic.class);
    String path = in.fields().at("statistics");
    for (String text : in.fields().texts("statistics")) {
      if (!statistics.add(SignalInput.constant(path, text, Statistic.values(), Statistic::label))) {
        throw new InvalidValueException(path, "each one once", "'" + text + "' twice");
      }
    }
    return in.fields()
        .build(() -> new ActivationSummary(id, hookPoint, previous, tokens, statistics));
  }

  @Override
  void write(ActivationSummary summary, SignalOutput out) throws IOException {
    out.hookPoint(summary.hookPoint());
    if (summary.previous() != null) {
      out.json().name("previous").value(summary.previous().name());
    }
    out.tokens(summary.tokens());
    out.texts("statistics", summary.columnNames());
  }
}
