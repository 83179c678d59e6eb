package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.drift.Allowance;
import io.innerspan.signals.drift.Baseline;
import io.innerspan.signals.drift.Correlation;
import io.innerspan.signals.drift.DriftMethod;
import io.innerspan.signals.monitor.CanaryMonitor;
import io.innerspan.signals.monitor.Change;
import io.innerspan.signals.monitor.ChangeMonitor;
import io.innerspan.signals.monitor.DisagreementMonitor;
import io.innerspan.signals.monitor.DriftMonitor;
import io.innerspan.signals.monitor.Incident;
import io.innerspan.signals.monitor.Monitor;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.monitor.RateMonitor;
import io.innerspan.signals.monitor.Rule;
import io.innerspan.signals.monitor.Severity;
import io.innerspan.signals.monitor.Side;
import io.innerspan.signals.monitor.SignalBaseline;
import io.innerspan.signals.monitor.SpikeMonitor;
import io.innerspan.signals.monitor.ThresholdMonitor;
import io.innerspan.signals.monitor.Watched;
import io.innerspan.signals.monitor.Window;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The monitors and baselines of a manifest, or of a file beside it. */
final class MonitorsFormat {
  private static final List<String> KINDS =
      List.of("threshold", "rate", "disagreement", "drift", "spike", "canary", "model_change");

  private static final String DISABLED = "disabled_monitors";

  private final Tidy tidy;

  private MonitorsFormat(Tidy tidy) {
    this.tidy = tidy;
  }

  static Monitors read(Fields parent, Tidy tidy) {
    List<Monitor> monitors = monitors(parent, tidy);
    List<SignalBaseline> baselines = baselines(parent, tidy);
    List<String> disabled = parent.has(DISABLED) ? parent.texts(DISABLED) : List.of();
    return monitors.isEmpty() && baselines.isEmpty() && disabled.isEmpty()
        ? Monitors.NONE
        : parent.build(() -> new Monitors(monitors, baselines, new TreeSet<>(disabled)));
  }

  static List<Monitor> monitors(Fields parent, Tidy tidy) {
    MonitorsFormat format = new MonitorsFormat(tidy);
    List<Monitor> monitors = new ArrayList<>();
    for (Fields fields : parent.optionalObjects("monitors")) {
      monitors.add(format.monitor(fields));
      tidy.check(fields);
    }
    return monitors;
  }

  static List<SignalBaseline> baselines(Fields parent, Tidy tidy) {
    List<SignalBaseline> baselines = new ArrayList<>();
    for (Fields fields : parent.optionalObjects("baselines")) {
      baselines.add(baseline(fields));
      tidy.check(fields);
    }
    return baselines;
  }

  private Monitor monitor(Fields fields) {
    String kind = fields.text("kind");
    return switch (kind) {
      case "threshold" -> threshold(fields);
      case "rate" -> rate(fields);
      case "disagreement" -> disagreement(fields);
      case "drift" -> drift(fields);
      case "spike" -> spike(fields);
      case "canary" -> canary(fields);
      case "model_change" -> change(fields);
      default ->
          throw new InvalidValueException(fields.at("kind"), "one of " + KINDS, "'" + kind + "'");
    };
  }

  private static Rule rule(Fields fields) {
    Severity severity = constant(fields, "severity", Severity.values(), Severity::label);
    List<String> tags = fields.has("tags") ? fields.texts("tags") : List.of();
    String runbook = fields.optionalText("runbook");
    double hold = fields.number("hold_seconds", Rule.DEFAULT_HOLD);
    String by = fields.optionalText("by");
    String id = fields.text("id");
    return fields.build(() -> new Rule(id, severity, tags, runbook, hold, by));
  }

  private static Watched watched(Fields fields) {
    String signal = fields.text("signal");
    String value = fields.optionalText("value");
    return fields.build(() -> new Watched(signal, value));
  }

  private static Side side(Fields fields) {
    if (fields.has("above") == fields.has("below")) {
      throw new InvalidValueException(
          fields.at("above"), "above or below", fields.has("above") ? "both" : "neither");
    }
    return fields.has("above") ? Side.ABOVE : Side.BELOW;
  }

  private static Monitor threshold(Fields fields) {
    Side side = side(fields);
    double limit = fields.number(side.label());
    double clear = fields.number("clear", limit);
    int consecutive = fields.has("consecutive") ? fields.whole("consecutive") : 1;
    Rule rule = rule(fields);
    Watched value = watched(fields);
    return fields.build(() -> new ThresholdMonitor(rule, value, side, limit, clear, consecutive));
  }

  private Monitor rate(Fields fields) {
    Side side = side(fields);
    double limit = fields.number(side.label());
    double rate = fields.number("rate");
    double clear = fields.number("clear_rate", rate);
    Window window = window(fields);
    Rule rule = rule(fields);
    Watched value = watched(fields);
    return fields.build(() -> new RateMonitor(rule, value, side, limit, rate, clear, window));
  }

  private Monitor disagreement(Fields fields) {
    Fields first = fields.object("first");
    Fields second = fields.object("second");
    Watched one = watched(first);
    Watched other = watched(second);
    tidy.check(first);
    tidy.check(second);
    double limit = fields.number("limit");
    double rate = fields.number("rate");
    double clear = fields.number("clear_rate", rate);
    Window window = window(fields);
    Rule rule = rule(fields);
    return fields.build(
        () -> new DisagreementMonitor(rule, one, other, limit, rate, clear, window));
  }

  private Monitor drift(Fields fields) {
    Set<DriftMethod> methods =
        fields.has("methods")
            ? constants(fields, "methods", DriftMethod.values(), DriftMethod::label)
            : Set.of(DriftMethod.CUSUM);
    Window window = fields.has("window") ? window(fields) : DriftMonitor.DEFAULT_WINDOW;
    Correlation correlation = correlation(fields);
    double falsePerWeek = fields.number("false_per_week", Allowance.DEFAULT.falsePerWeek());
    double perSecond =
        fields.number("readings_per_second", DriftMonitor.DEFAULT_READINGS_PER_SECOND);
    Rule rule = rule(fields);
    List<String> baselines = fields.texts("baselines");
    return fields.build(
        () ->
            new DriftMonitor(
                rule, baselines, methods, window, correlation, falsePerWeek, perSecond));
  }

  private static @Nullable Correlation correlation(Fields fields) {
    if (!fields.has("correlation")) {
      return null;
    }
    List<List<Double>> rows = fields.numberRows("correlation");
    return fields.build(() -> new Correlation(rows));
  }

  private static Monitor spike(Fields fields) {
    Set<Incident> incidents = constants(fields, "incidents", Incident.values(), Incident::label);
    Rule rule = rule(fields);
    long count = fields.integer("count");
    double seconds = fields.number("seconds");
    return fields.build(() -> new SpikeMonitor(rule, incidents, count, seconds));
  }

  /** Without a list of kinds it tells of all canaries. */
  private static Monitor canary(Fields fields) {
    Set<CanaryKind> kinds =
        fields.has("canaries")
            ? constants(fields, "canaries", CanaryKind.values(), CanaryKind::label)
            : EnumSet.allOf(CanaryKind.class);
    Rule rule = rule(fields);
    Set<String> labels = kinds.stream().map(CanaryKind::label).collect(Collectors.toSet());
    return fields.build(() -> new CanaryMonitor(rule, labels));
  }

  /** Without a list of changes it tells of the one whose id it has, else of all. */
  private static Monitor change(Fields fields) {
    Rule rule = rule(fields);
    Set<Change> changes = EnumSet.noneOf(Change.class);
    if (fields.has("changes")) {
      changes.addAll(constants(fields, "changes", Change.values(), Change::label));
    } else {
      for (Change change : Change.values()) {
        if (change.label().equals(rule.id())) {
          changes.add(change);
        }
      }
      if (changes.isEmpty()) {
        changes.addAll(EnumSet.allOf(Change.class));
      }
    }
    return fields.build(() -> new ChangeMonitor(rule, changes));
  }

  private Window window(Fields parent) {
    Fields fields = parent.object("window");
    long count = fields.has("count") ? fields.integer("count") : 0;
    double seconds = fields.number("seconds", 0);
    long minimum = fields.has("minimum") ? fields.integer("minimum") : Math.max(1, count);
    tidy.check(fields);
    return parent.build(() -> new Window(count, seconds, minimum));
  }

  private static SignalBaseline baseline(Fields fields) {
    long count = fields.integer("count");
    List<Double> edges = fields.numbers("edges");
    List<Double> shares = fields.numbers("shares");
    List<Double> autocorrelation =
        fields.has("autocorrelation") ? fields.numbers("autocorrelation") : List.of();
    List<List<Double>> regimes = fields.has("regimes") ? fields.numberRows("regimes") : List.of();
    long block = fields.has("block") ? fields.integer("block") : count;
    String id = fields.text("id");
    Watched value = watched(fields);
    String model = fields.text("model");
    return fields.build(
        () ->
            new SignalBaseline(
                id,
                value,
                model,
                new Baseline(count, edges, shares, autocorrelation, regimes, block)));
  }

  private static <T> T constant(Fields fields, String name, T[] values, Function<T, String> label) {
    return constant(fields.at(name), fields.text(name), values, label);
  }

  private static <T> T constant(String place, String text, T[] values, Function<T, String> label) {
    for (T value : values) {
      if (label.apply(value).equals(text)) {
        return value;
      }
    }
    throw new InvalidValueException(
        place, "one of " + Arrays.stream(values).map(label).toList(), "'" + text + "'");
  }

  private static <T extends Enum<T>> Set<T> constants(
      Fields fields, String name, T[] values, Function<T, String> label) {
    Set<T> set = EnumSet.noneOf(values[0].getDeclaringClass());
    for (String text : fields.texts(name)) {
      if (!set.add(constant(fields.at(name), text, values, label))) {
        throw new InvalidValueException(fields.at(name), "each one once", "'" + text + "' twice");
      }
    }
    return set;
  }

  static void write(Monitors all, JsonWriter json) throws IOException {
    if (!all.monitors().isEmpty()) {
      json.name("monitors").beginArray();
      for (Monitor monitor : all.monitors()) {
        json.beginObject();
        write(monitor, json);
        json.endObject();
      }
      json.endArray();
    }
    if (!all.baselines().isEmpty()) {
      json.name("baselines").beginArray();
      for (SignalBaseline baseline : all.baselines()) {
        write(baseline, json);
      }
      json.endArray();
    }
    if (!all.disabled().isEmpty()) {
      texts(DISABLED, List.copyOf(all.disabled()), json);
    }
  }

  private static void write(Monitor monitor, JsonWriter json) throws IOException {
    Rule rule = monitor.rule();
    json.name("id").value(rule.id());
    json.name("kind").value(monitor.kind().label());
    if (monitor instanceof ThresholdMonitor threshold) {
      write(threshold.value(), json);
      number(threshold.side().label(), threshold.limit(), json);
      number("clear", threshold.clear(), json);
      json.name("consecutive").value(threshold.consecutive());
    } else if (monitor instanceof RateMonitor rate) {
      write(rate.value(), json);
      number(rate.side().label(), rate.limit(), json);
      number("rate", rate.rate(), json);
      number("clear_rate", rate.clearRate(), json);
      write(rate.window(), json);
    } else if (monitor instanceof DisagreementMonitor disagreement) {
      json.name("first").beginObject();
      write(disagreement.first(), json);
      json.endObject().name("second").beginObject();
      write(disagreement.second(), json);
      json.endObject();
      number("limit", disagreement.limit(), json);
      number("rate", disagreement.rate(), json);
      number("clear_rate", disagreement.clearRate(), json);
      write(disagreement.window(), json);
    } else if (monitor instanceof DriftMonitor drift) {
      texts("baselines", drift.baselines(), json);
      texts(
          "methods",
          new TreeSet<>(drift.methods()).stream().map(DriftMethod::label).toList(),
          json);
      write(drift.window(), json);
      if (drift.correlation() != null) {
        rows("correlation", drift.correlation().rows(), json);
      }
      number("false_per_week", drift.falsePerWeek(), json);
      number("readings_per_second", drift.readingsPerSecond(), json);
    } else if (monitor instanceof SpikeMonitor spike) {
      texts(
          "incidents",
          new TreeSet<>(spike.incidents()).stream().map(Incident::label).toList(),
          json);
      json.name("count").value(spike.count());
      number("seconds", spike.seconds(), json);
    } else if (monitor instanceof CanaryMonitor canary) {
      texts("canaries", canary.canaries().stream().sorted().toList(), json);
    } else if (monitor instanceof ChangeMonitor change) {
      texts("changes", new TreeSet<>(change.changes()).stream().map(Change::label).toList(), json);
    }
    json.name("severity").value(rule.severity().label());
    if (!rule.tags().isEmpty()) {
      texts("tags", rule.tags(), json);
    }
    if (rule.runbook() != null) {
      json.name("runbook").value(rule.runbook());
    }
    number("hold_seconds", rule.holdSeconds(), json);
    if (rule.by() != null) {
      json.name("by").value(rule.by());
    }
  }

  private static void write(Watched value, JsonWriter json) throws IOException {
    json.name("signal").value(value.signal());
    if (value.value() != null) {
      json.name("value").value(value.value());
    }
  }

  private static void write(Window window, JsonWriter json) throws IOException {
    json.name("window").beginObject();
    if (window.count() > 0) {
      json.name("count").value(window.count());
    }
    if (window.seconds() > 0) {
      number("seconds", window.seconds(), json);
    }
    json.name("minimum").value(window.minimum()).endObject();
  }

  private static void write(SignalBaseline of, JsonWriter json) throws IOException {
    json.beginObject();
    json.name("id").value(of.id());
    write(of.value(), json);
    json.name("model").value(of.model());
    json.name("count").value(of.baseline().count());
    numbers("edges", of.baseline().edges(), json);
    numbers("shares", of.baseline().shares(), json);
    if (!of.baseline().autocorrelation().isEmpty()) {
      numbers("autocorrelation", of.baseline().autocorrelation(), json);
    }
    if (!of.baseline().regimes().isEmpty()) {
      rows("regimes", of.baseline().regimes(), json);
      json.name("block").value(of.baseline().block());
    }
    json.endObject();
  }

  private static void texts(String name, List<String> texts, JsonWriter json) throws IOException {
    json.name(name).beginArray();
    for (String text : texts) {
      json.value(text);
    }
    json.endArray();
  }

  private static void rows(String name, List<List<Double>> rows, JsonWriter json)
      throws IOException {
    json.name(name).beginArray();
    for (List<Double> row : rows) {
      array(row, json);
    }
    json.endArray();
  }

  private static void numbers(String name, List<Double> numbers, JsonWriter json)
      throws IOException {
    json.name(name);
    array(numbers, json);
  }

  private static void array(List<Double> numbers, JsonWriter json) throws IOException {
    json.beginArray();
    for (double number : numbers) {
      json.value(Numbers.json(number));
    }
    json.endArray();
  }

  private static void number(String name, double value, JsonWriter json) throws IOException {
    json.name(name).value(Numbers.json(value));
  }
}
