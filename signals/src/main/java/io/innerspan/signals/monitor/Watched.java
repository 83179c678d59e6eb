package io.innerspan.signals.monitor;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One value of a signal: a probe's {@code score} or {@code logit}, of another signal one of its
 * columns by name, or of a confidence its {@code disagreement} with a probe.
 *
 * @param signal the signal's id
 * @param value which of its values; null for a probe's score or another signal's first column
 */
public record Watched(String signal, @Nullable String value) {
  private static final String SCORE = "score";
  private static final String DISAGREEMENT = "disagreement";

  public Watched {
    MonitorChecks.id("signal", signal);
    if (value != null) {
      MonitorChecks.text("value", value, 100);
    }
  }

  /** The signal's first value. */
  public static Watched of(String signal) {
    return new Watched(signal, null);
  }

  /** The names of all values that a signal has. */
  public static List<String> names(Signal signal) {
    List<String> names = new ArrayList<>();
    if (signal instanceof Probe) {
      names.add(SCORE);
    }
    names.addAll(signal.columnNames());
    if (signal instanceof OutputConfidence confidence && confidence.disagreement() != null) {
      names.add(DISAGREEMENT);
    }
    return names;
  }

  /** Whether a value of the name is one that the signal has. */
  boolean isOf(Signal of) {
    return of.id().equals(signal) && (value == null || names(of).contains(value));
  }

  /**
   * The value in one row of a reading; NaN where there is none.
   *
   * @throws InvalidValueException if readings of this layout have no such value
   */
  public double of(Reading reading, int row) {
    return in(reading.layout()).of(reading, row);
  }

  /**
   * Where the value is in readings of a layout.
   *
   * @throws InvalidValueException if it is in none
   */
  Place in(ReadingLayout layout) {
    int index = layout.indexOf(signal);
    if (index < 0) {
      throw new InvalidValueException("signal", "one that is read", "'" + signal + "'");
    }
    Signal of = layout.signal(index);
    String name = Objects.requireNonNullElse(value, names(of).get(0));
    if (of instanceof Probe && name.equals(SCORE)) {
      return (reading, row) -> reading.score(row, index);
    }
    if (name.equals(DISAGREEMENT)) {
      return (reading, row) -> reading.disagreement(row, index);
    }
    int column = of.columnNames().indexOf(name);
    if (column < 0) {
      throw new InvalidValueException("value", "one of " + names(of), "'" + name + "'");
    }
    return (reading, row) -> reading.value(row, index, column);
  }

  /** Whether the value is a calibrated probability. */
  boolean isProbability(ReadingLayout layout) {
    int index = layout.indexOf(signal);
    return index >= 0
        && layout.signal(index) instanceof Probe probe
        && !(probe.calibration() instanceof Calibration.None)
        && (value == null || value.equals(SCORE));
  }

  @Override
  public String toString() {
    return value == null ? signal : signal + "." + value;
  }

  /** Takes a value out of a reading; NaN where there is none. */
  interface Place {
    double of(Reading reading, int row);
  }
}
