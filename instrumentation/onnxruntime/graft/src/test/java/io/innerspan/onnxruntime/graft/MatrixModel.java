package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.MatrixRuntime.Value;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.ExampleShape;
import io.innerspan.testing.models.ExampleTensor;
import io.innerspan.testing.models.SmallModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A model of the matrix, with what it gives without signals on each of its shapes. */
final class MatrixModel {
  /** Columns that tell a place among several. */
  private static final Pattern INDEX = Pattern.compile("(index|token|rank)$");

  private final SmallModel model;
  private final Path file;
  private final OnnxModel scanned;
  private final MatrixSignals.Places places;
  private final Map<ExampleShape, Map<String, Value>> originals = new LinkedHashMap<>();

  MatrixModel(
      SmallModel model,
      Path file,
      OnnxModel scanned,
      List<ExampleShape> shapes,
      MatrixSignals.Places places)
      throws Exception {
    this.model = model;
    this.places = places;
    this.file = file;
    this.scanned = scanned;
    try (OrtSession session = MatrixRuntime.open(file, new byte[0])) {
      for (ExampleShape shape : shapes) {
        originals.put(shape, MatrixRuntime.run(session, model.example(shape)));
      }
    }
  }

  Overlay compile(Set<String> excluded) {
    return compile(model, scanned, places, excluded, Gating.BY_COST);
  }

  /** Compiles signals of every kind. */
  static Overlay compile(
      SmallModel model,
      OnnxModel scanned,
      MatrixSignals.Places places,
      Set<String> excluded,
      Gating gating) {
    List<Signal> signals = MatrixSignals.of(scanned, model.traits().heads(), places);
    return OverlayCompiler.compile(scanned, signals, excluded, gating);
  }

  /** Of the activations that are read, those where discovery warns that bits may change. */
  Set<String> doubtful(Overlay overlay) {
    return taps(overlay.signals()).stream()
        .filter(tap -> tap.safety() != TapPoint.Safety.SAFE)
        .map(tap -> tap.tensor().name())
        .collect(Collectors.toSet());
  }

  private List<TapPoint> taps(List<Signal> signals) {
    return signals.stream()
        .flatMap(signal -> signal.hookPoints().stream())
        .map(place -> Objects.requireNonNull(scanned.resolve(place)))
        .toList();
  }

  /**
   * What a model gives with signals.
   *
   * @param difference the first output with other bits than the model's own, or null
   * @param readings by shape, with all gates open
   */
  record Grafted(@Nullable String difference, Map<ExampleShape, Ort.Output> readings) {}

  /** Runs the model with signals, with all gates open and with all closed. */
  Grafted run(Overlay overlay) throws Exception {
    Map<ExampleShape, Ort.Output> readings = new HashMap<>();
    String difference = null;
    try (OrtSession session = MatrixRuntime.open(file, overlay.bytes())) {
      for (ExampleShape shape : originals.keySet()) {
        Map<String, ExampleTensor> example = model.example(shape);
        Map<String, Value> closed = MatrixRuntime.run(session, example, gates(overlay, false));
        Map<String, Value> open = MatrixRuntime.run(session, example, gates(overlay, true));
        readings.put(shape, Objects.requireNonNull(open.get(OverlayCompiler.READING)).floats());
        for (Map<String, Value> found : List.of(open, closed)) {
          difference = difference == null ? difference(shape, found) : difference;
        }
      }
    }
    return new Grafted(difference, readings);
  }

  private @Nullable String difference(ExampleShape shape, Map<String, Value> found) {
    for (Map.Entry<String, Value> output : originals.getOrDefault(shape, Map.of()).entrySet()) {
      Value same = Objects.requireNonNull(found.get(output.getKey()));
      if (!same.bits().equals(output.getValue().bits())) {
        return shape + ": " + output.getKey() + " has other bits";
      }
    }
    return null;
  }

  /**
   * Holds every reading against the reference on the activations of the same run.
   *
   * @param grafted readings without activations as outputs: in single precision the same holds for
   *     them, while half precision is rounded elsewhere in each session
   */
  void assertReadings(Overlay gated, Grafted grafted) throws Exception {
    boolean single = isSinglePrecision(gated);
    // Behind a gate lies the conversion that is to be an output.
    Overlay overlay = single ? gated : compile(model, scanned, places, Set.of(), Gating.NONE);
    MatrixExposure exposure = MatrixExposure.of(scanned, overlay);
    byte[] both = Ort.concat(overlay.bytes(), exposure.bytes());
    try (OrtSession session = MatrixRuntime.open(file, both);
        MatrixTail tail = MatrixTail.of(model, scanned)) {
      for (ExampleShape shape : originals.keySet()) {
        Map<String, ExampleTensor> example = model.example(shape);
        Map<String, Value> found = MatrixRuntime.run(session, example, gates(overlay, true));
        Map<HookPoint, Ort.Output> activations = new HashMap<>();
        exposure
            .outputs()
            .forEach((place, output) -> activations.put(place, floats(found, output)));
        List<Ort.Output> readings = new ArrayList<>();
        readings.add(floats(found, OverlayCompiler.READING));
        if (single) {
          readings.add(Objects.requireNonNull(grafted.readings().get(shape)));
        }
        for (int row = 0; row < shape.batch(); row++) {
          MatrixRow inputs = new MatrixRow(model, scanned, example, row, activations, tail);
          compare(overlay, readings, inputs, shape);
        }
      }
    }
  }

  private static Ort.Output floats(Map<String, Value> outputs, String name) {
    return Objects.requireNonNull(outputs.get(name)).floats();
  }

  private boolean isSinglePrecision(Overlay overlay) {
    return taps(overlay.signals()).stream()
        .allMatch(tap -> tap.tensor().type() == ElementType.FLOAT);
  }

  private static boolean[] gates(Overlay overlay, boolean open) {
    boolean[] gates = new boolean[overlay.gateCount() == 0 ? 0 : overlay.gateCount() + 2];
    Arrays.fill(gates, open);
    return gates;
  }

  private static void compare(
      Overlay overlay, List<Ort.Output> readings, MatrixRow row, ExampleShape shape) {
    ReadingLayout layout =
        new ReadingLayout(overlay.signals(), overlay.gates(), overlay.standingGates());
    List<String> differences = new ArrayList<>();
    for (Ort.Output reading : readings) {
      Long real = row.realTokens(overlay.signals());
      float count = reading.row(row.row())[0][layout.columns() - 1];
      if (real != null && count != real) {
        differences.add("real tokens: expected %s, found %s".formatted(real, count));
      }
    }
    for (int i = 0; i < layout.size(); i++) {
      double[] expected = row.expected(layout.signal(i));
      Long real = row.realTokens(List.of(layout.signal(i)));
      if (real != null && real == 0) {
        continue; // The number of real tokens says that the values mean nothing.
      }
      for (Ort.Output reading : readings) {
        int first = layout.firstColumn(i);
        float[] values = reading.row(row.row())[0];
        float[] found = Arrays.copyOfRange(values, first, first + expected.length);
        compare(layout.signal(i), expected, found, row, differences);
      }
    }
    assertThat(differences).as("%s, %s, row %d", row.model(), shape, row.row()).isEmpty();
  }

  private static void compare(
      Signal signal, double[] expected, float[] found, MatrixRow row, List<String> differences) {
    for (int column = 0; column < expected.length; column++) {
      boolean same =
          Double.isFinite(expected[column])
              ? row.tolerance(signal).agrees(found[column], expected[column])
              : !Float.isFinite(found[column]);
      if (!same
          && !isTie(signal, column, expected, found[column], row)
          && !isRounding(signal, column, expected[column], found[column], row)) {
        differences.add(
            "%s, %s: expected %s, found %s"
                .formatted(
                    signal.id(),
                    signal.columnNames().get(column),
                    expected[column],
                    found[column]));
      }
    }
  }

  /**
   * Whether a value of a half-precision tail is no further from the reference than that lies from
   * itself when its activations differ by as much as they are rounded.
   */
  private static boolean isRounding(
      Signal signal, int column, double expected, float found, MatrixRow row) {
    if (row.tolerance(signal) == Tolerance.FP32 || INDEX.matcher(name(signal, column)).find()) {
      return false;
    }
    Random random = new Random(column);
    return IntStream.range(0, 20)
        .mapToDouble(attempt -> row.blurred(random, 1e-3f).expected(signal)[column])
        .anyMatch(blurred -> Math.abs(blurred - expected) >= Math.abs(found - expected));
  }

  private static String name(Signal signal, int column) {
    return signal.columnNames().get(column);
  }

  /**
   * Whether a place among several changes with the last bits of the activations, while all values
   * stay: those of the two places are then no further apart than the tolerance.
   */
  private static boolean isTie(
      Signal signal, int column, double[] expected, float found, MatrixRow row) {
    if (!INDEX.matcher(signal.columnNames().get(column)).find()) {
      return false;
    }
    Random random = new Random(column);
    Tolerance tolerance = row.tolerance(signal);
    float blur = tolerance == Tolerance.FP32 ? 1e-6f : 1e-3f;
    return IntStream.range(0, 20)
        .mapToObj(attempt -> row.blurred(random, blur).expected(signal))
        .anyMatch(
            blurred ->
                blurred[column] == found && sameValues(signal, blurred, expected, tolerance));
  }

  private static boolean sameValues(
      Signal signal, double[] blurred, double[] expected, Tolerance tolerance) {
    return IntStream.range(0, expected.length)
        .filter(column -> !INDEX.matcher(signal.columnNames().get(column)).find())
        .allMatch(
            column ->
                Double.isFinite(expected[column])
                    ? tolerance.agrees(blurred[column], expected[column])
                    : !Double.isFinite(blurred[column]));
  }
}
