package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;
import java.util.List;
import java.util.regex.Pattern;

/** What every monitor is held to, said in one way. */
final class MonitorChecks {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  static String id(String what, String id) {
    if (!ID.matcher(id).matches()) {
      throw new InvalidValueException(what, ID.pattern(), "'" + id + "'");
    }
    return id;
  }

  static double finite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new InvalidValueException(what, "a finite number", value);
    }
    return value;
  }

  static double within(String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new InvalidValueException(what, "from " + least + " to " + most, value);
    }
    return value;
  }

  static long within(String what, long value, long least, long most) {
    if (!(value >= least && value <= most)) {
      throw new InvalidValueException(what, "from " + least + " to " + most, value);
    }
    return value;
  }

  /** A share of a window, and the smaller one below which the monitor is armed again. */
  static void rates(double rate, double clearRate) {
    if (!(rate > 0 && rate <= 1)) {
      throw new InvalidValueException("rate", "above 0 and at most 1", rate);
    }
    if (!(clearRate >= 0 && clearRate <= rate)) {
      throw new InvalidValueException("clear_rate", "from 0 to the rate, " + rate, clearRate);
    }
  }

  static void allTraffic(Rule rule, String why) {
    if (rule.by() != null) {
      throw new InvalidValueException("by", "nothing: " + why, "'" + rule.by() + "'");
    }
  }

  static void text(String what, String text, int most) {
    if (text.isBlank() || text.length() > most || text.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidValueException(
          what,
          "1 to " + most + " characters, not blank and without control characters",
          "'" + text + "'");
    }
  }

  static <T> void size(String what, List<T> list, int least, int most) {
    if (list.size() < least || list.size() > most) {
      throw new InvalidValueException(what, least + " to " + most, list.size());
    }
  }

  private MonitorChecks() {}
}
