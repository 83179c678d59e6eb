package io.innerspan.workbench.train;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.LabelledText;
import java.util.List;
import java.util.TreeSet;

/** What the two sides of a probe are called. */
final class Labels {
  /** The other label if there is one only. */
  static String other(List<LabelledText> rows, TrainOptions options) {
    TreeSet<String> labels = new TreeSet<>();
    rows.forEach(row -> labels.add(row.label()));
    labels.remove(options.positive());
    return labels.size() == 1 ? labels.first() : "not_" + options.positive();
  }

  /** Refuses now what the pack would refuse after all the work. */
  static void check(String other, TrainOptions options) {
    try {
      new LinearProbe(
          options.id(),
          new HookPoint("any"),
          Pooling.MEAN,
          new float[] {1},
          0,
          new Calibration.None(),
          null,
          options.positive(),
          other);
    } catch (IllegalArgumentException e) {
      throw new BadInput(options.data() + ": " + e.getMessage());
    }
  }

  private Labels() {}
}
