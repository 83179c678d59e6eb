package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.MatrixRuntime.Value;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ModelTail;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.ExampleShape;
import io.innerspan.testing.models.ExampleTensor;
import io.innerspan.testing.models.Padding;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.Transforms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of signal on every model, in batches of one and of three rows, with dimensions open
 * and pinned, padded on either side: the model's outputs keep their bits and the readings equal the
 * reference.
 *
 * <p>Takes minutes: {@code -Dinnerspan.matrix=true} runs it.
 */
@EnabledIfSystemProperty(named = "innerspan.matrix", matches = "true")
class SignalMatrixTest {
  /** What no model of the matrix has, by model; {@code -Dmatrix.refusals=write} writes it anew. */
  private static final Path REFUSALS = Path.of("src/test/resources/matrix-refusals.txt");

  private static final int SEQUENCE = 6;

  /** Columns that tell a place, not a size. */
  private static final Pattern INDEX = Pattern.compile("(index|token|rank)$");

  @TempDir Path folder;

  static List<SmallModel> models() {
    return SmallModels.where(
        model -> !isInBody(model) && model.traits().minOrt().compareTo(MatrixRuntime.VERSION) <= 0);
  }

  private static boolean isInBody(SmallModel model) {
    return model.name().contains("inside");
  }

  @Test
  void models_thatAreRefusedAsAWhole_areThoseWithTheirLayersInBodies() throws Exception {
    for (SmallModel model : SmallModels.where(SignalMatrixTest::isInBody)) {
      Path file = model.write(folder);
      assertThatExceptionOfType(ModelRefusedException.class)
          .as(model.name())
          .isThrownBy(() -> OnnxModel.scan(file));
    }
  }

  /** So that no signal is refused in silence. */
  @Test
  void signals_thatModelsRefuse_areThoseOfTheList() throws Exception {
    List<String> lines = new ArrayList<>();
    for (SmallModel model : SmallModels.where(each -> !isInBody(each))) {
      String open = "";
      for (SmallModel variant : variants(model)) {
        String refusals = refusals(compile(variant, OnnxModel.scan(write(variant)), Set.of()));
        if (!refusals.equals(open)) { // Most that are pinned are as the open one.
          lines.add(variant.name() + ": " + refusals);
        }
        open = variant == model ? refusals : open;
      }
    }
    String found = String.join("\n", lines) + "\n";
    if (System.getProperty("matrix.refusals", "check").equals("write")) {
      Files.writeString(REFUSALS, found);
    }
    assertThat(found).isEqualTo(Files.readString(REFUSALS));
  }

  private static String refusals(Overlay overlay) {
    Map<SignalRefusal.Reason, List<String>> byReason = new TreeMap<>();
    overlay
        .refusals()
        .forEach(
            (id, refusal) ->
                byReason.computeIfAbsent(refusal.reason(), reason -> new ArrayList<>()).add(id));
    StringBuilder text = new StringBuilder(overlay.signals().size() + " read");
    byReason.forEach(
        (reason, ids) -> {
          text.append("; ").append(reason).append(' ').append(ids.size());
          if (!overlay.isEmpty()) {
            text.append(ids.stream().sorted().collect(Collectors.joining(" ", ": ", "")));
          }
        });
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("models")
  void readings_ofEverySignal_equalTheReference_andOutputsKeepTheirBits(SmallModel model)
      throws Exception {
    for (SmallModel variant : variants(model)) {
      check(variant, write(variant));
    }
  }

  private Path write(SmallModel model) throws IOException {
    return model.write(Files.createDirectories(folder.resolve(model.name())));
  }

  /** The model as it is and, where its dimensions are open, pinned to one row and to three. */
  private static List<SmallModel> variants(SmallModel model) {
    List<SmallModel> variants = new ArrayList<>(List.of(model));
    if (!model.pinned()) {
      for (int batch : new int[] {1, 3}) {
        boolean runs = model.accepts(ExampleShape.of(batch, SEQUENCE));
        variants.add(Transforms.pinned(model, batch, runs ? SEQUENCE : 1));
      }
    }
    return variants;
  }

  private static List<ExampleShape> shapes(SmallModel model) {
    List<ExampleShape> shapes = new ArrayList<>();
    for (Padding padding : List.of(Padding.LEFT, Padding.RIGHT)) {
      if (model.pinned()) {
        shapes.add(model.anyShape().withPadding(padding));
        continue;
      }
      for (int batch : new int[] {1, 3}) {
        shapes.add(ExampleShape.of(batch, SEQUENCE).withPadding(padding));
        shapes.add(ExampleShape.of(batch, SEQUENCE).withPadding(padding).withPast(0));
      }
      shapes.add(ExampleShape.of(3, 1).withPadding(padding));
    }
    return shapes.stream()
        .filter(model::accepts)
        .filter(shape -> model.hasCache() || shape.past() > 0)
        .filter(shape -> shape.past() > 0 || MatrixRuntime.takesEmptyTensors())
        .filter(shape -> shape.past() > 0 || !readsMemoryOfOthers(model))
        .toList();
  }

  /** ONNX Runtime's operator does where a row has fewer real tokens than are new. */
  private static boolean readsMemoryOfOthers(SmallModel model) {
    return model.model().getGraph().getNodeList().stream()
        .anyMatch(node -> node.getOpType().equals("GroupQueryAttention"));
  }

  private static Overlay compile(SmallModel model, OnnxModel scanned, Set<String> excluded) {
    List<Signal> signals = MatrixSignals.of(scanned, model.traits().heads());
    return OverlayCompiler.compile(scanned, signals, excluded, Gating.DEAR_KINDS);
  }

  private static void check(SmallModel model, Path file) throws Exception {
    OnnxModel scanned = OnnxModel.scan(file);
    Overlay overlay = compile(model, scanned, Set.of());
    if (overlay.isEmpty()) {
      return;
    }
    // Where a tap may change bits, certification would find out: the rest must not change any.
    Set<String> doubtful =
        overlay.signals().stream()
            .flatMap(signal -> signal.hookPoints().stream())
            .map(scanned::resolve)
            .filter(tap -> Objects.requireNonNull(tap).safety() != TapPoint.Safety.SAFE)
            .map(tap -> tap.tensor().name())
            .collect(Collectors.toSet());
    Overlay safe = doubtful.isEmpty() ? overlay : compile(model, scanned, doubtful);
    List<HookPoint> places =
        overlay.signals().stream().flatMap(each -> each.hookPoints().stream()).distinct().toList();
    Exposure exposure = OverlayCompiler.expose(scanned, places);
    try (Sessions sessions = new Sessions(model, scanned, file, overlay, safe, exposure)) {
      for (ExampleShape shape : shapes(model)) {
        check(sessions, shape);
      }
    }
  }

  private static void check(Sessions sessions, ExampleShape shape) throws Exception {
    SmallModel model = sessions.model;
    Map<String, ExampleTensor> example = model.example(shape);
    Map<String, Value> expected = MatrixRuntime.run(sessions.original, example);
    for (boolean open : new boolean[] {true, false}) {
      Map<String, Value> found =
          MatrixRuntime.run(sessions.certain, example, gates(sessions.safe, open));
      expected.forEach(
          (name, value) ->
              assertThat(Objects.requireNonNull(found.get(name)).bits())
                  .as("%s, %s: %s", model, shape, name)
                  .isEqualTo(value.bits()));
    }
    Map<String, Value> activations = MatrixRuntime.run(sessions.tapped, example);
    Map<String, Value> found =
        MatrixRuntime.run(sessions.grafted, example, gates(sessions.overlay, true));
    Ort.Output reading = Objects.requireNonNull(found.get(OverlayCompiler.READING)).floats();
    for (int row = 0; row < shape.batch(); row++) {
      MatrixRow inputs =
          new MatrixRow(
              model,
              sessions.scanned,
              example,
              row,
              place ->
                  Objects.requireNonNull(activations.get(sessions.exposure.outputs().get(place)))
                      .floats(),
              sessions.tail);
      compare(sessions.overlay, sessions.scanned, reading, inputs, shape);
    }
  }

  /** A model as it is, with its activations as outputs, and with signals. */
  private static final class Sessions implements AutoCloseable {
    final SmallModel model;
    final OnnxModel scanned;
    final Overlay overlay;
    final Overlay safe;
    final Exposure exposure;
    final OrtSession original;
    final OrtSession tapped;
    final OrtSession grafted;
    final OrtSession certain;
    private final @Nullable OrtSession tailSession;
    final @Nullable ModelTail tail;

    Sessions(
        SmallModel model,
        OnnxModel scanned,
        Path file,
        Overlay overlay,
        Overlay safe,
        Exposure exposure)
        throws Exception {
      this.model = model;
      this.scanned = scanned;
      this.overlay = overlay;
      this.safe = safe;
      this.exposure = exposure;
      original = MatrixRuntime.open(file, new byte[0]);
      tapped = MatrixRuntime.open(file, exposure.bytes());
      grafted = MatrixRuntime.open(file, overlay.bytes());
      certain = safe == overlay ? grafted : MatrixRuntime.open(file, safe.bytes());
      Tail found = scanned.tail();
      TailModel cut =
          found == null || !canBeAlone(scanned)
              ? null
              : new TailModel(model.model(), found.start(), found.logits().name());
      tailSession = cut == null ? null : cut.open();
      tail = cut == null || tailSession == null ? null : cut.tail(tailSession);
    }

    @Override
    public void close() throws OrtException {
      original.close();
      tapped.close();
      grafted.close();
      if (certain != grafted) {
        certain.close();
      }
      if (tailSession != null) {
        tailSession.close();
      }
    }
  }

  private static boolean[] gates(Overlay overlay, boolean open) {
    boolean[] gates = new boolean[overlay.gateCount() == 0 ? 0 : overlay.gateCount() + 1];
    Arrays.fill(gates, open);
    return gates;
  }

  private static void compare(
      Overlay overlay, OnnxModel scanned, Ort.Output reading, MatrixRow row, ExampleShape shape) {
    ReadingLayout layout = new ReadingLayout(overlay.signals(), overlay.gates());
    float[] values = reading.row(row.row())[0];
    assertThat(values).hasSize(layout.columns());
    Long real = row.realTokens(overlay.signals());
    if (real != null) {
      assertThat((double) values[values.length - 1])
          .as("%s, %s, row %d: real tokens", row.model(), shape, row.row())
          .isEqualTo(real.doubleValue());
    }
    for (int i = 0; i < layout.size(); i++) {
      Signal signal = layout.signal(i);
      if (signal instanceof LayerLens && row.tail() == null) {
        continue;
      }
      double[] expected = row.expected(signal);
      if (Arrays.stream(expected).allMatch(Double::isNaN)) {
        continue; // No token takes part: the number of real tokens says so, below.
      }
      for (int column = 0; column < expected.length; column++) {
        float found = values[layout.firstColumn(i) + column];
        String name = signal.columnNames().get(column);
        assertThat(
                Double.isFinite(expected[column])
                    ? agrees(scanned, signal, name, found, expected[column])
                    : !Float.isFinite(found))
            .as(
                "%s, %s, row %d of %s, %s: expected %s, found %s",
                row.model(),
                shape,
                row.row(),
                signal.id(),
                name,
                expected[column],
                found)
            .isTrue();
      }
    }
  }

  /** Whether the tail of one row gives, run by itself, what it gives in the model. */
  private static boolean canBeAlone(OnnxModel scanned) {
    Tail tail = Objects.requireNonNull(scanned.tail());
    return tail.scope() != Tail.Scope.SOME_TOKENS
        && tail.logits().type() == ElementType.FLOAT
        && !scanned.externalData()
        // Scales are chosen by the whole batch.
        && tail.nodes().stream().noneMatch(n -> n.getOpType().equals("DynamicQuantizeLinear"));
  }

  private static boolean agrees(
      OnnxModel scanned, Signal signal, String column, float found, double expected) {
    boolean single =
        signal.hookPoints().stream()
            .map(scanned::resolve)
            .allMatch(tap -> Objects.requireNonNull(tap).tensor().type() == ElementType.FLOAT);
    if (single) {
      return Tolerance.FP32.agrees(found, expected);
    }
    // A signal may see an activation before it is rounded to half precision, a tap never does; sums
    // with weights of the size of 1 multiply the difference, and what is nearly equal changes place.
    return INDEX.matcher(column).find()
        || Math.abs(found - expected) <= 10 * Tolerance.FP16.allowed(expected);
  }
}
