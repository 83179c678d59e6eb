package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.testing.models.ExampleShape;
import io.innerspan.testing.models.Padding;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.Traits.OrtVersion;
import io.innerspan.testing.models.Transforms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every kind of signal on every model, in batches of one and of three rows, with dimensions open
 * and pinned, padded on either side: the model's outputs keep their bits, or the taps that change
 * some are refused, and the readings equal the reference.
 *
 * <p>All models take minutes: {@code -Dinnerspan.matrix=true}, as in the profile {@code matrix},
 * which runs them on each supported version of ONNX Runtime. Dimensions are pinned on each as well,
 * with {@code -Dinnerspan.matrix.pinned=newest} on the newest only. What became of each is in
 * {@code target/signal-matrix-VERSION.txt}.
 */
@Execution(ExecutionMode.CONCURRENT)
class SignalMatrixTest {
  private static final boolean ALL = Boolean.getBoolean("innerspan.matrix");

  private static final boolean PINNED =
      MatrixRuntime.VERSION == OrtVersion.values()[OrtVersion.values().length - 1]
          || !System.getProperty("innerspan.matrix.pinned", "").equals("newest");

  /** What is tried when not all are. */
  private static final Set<String> FEW =
      Set.of("encoder-post-ln-classifier", "decoder-with-cache", "cnn", "encoder-fp16-classifier");

  /** What no model of the matrix has, by model; {@code -Dmatrix.refusals=write} writes it anew. */
  private static final Path REFUSALS = Path.of("src/test/resources/matrix-refusals.txt");

  private static final String SITES = ", sites";

  private static final MatrixReport REPORT = new MatrixReport();

  private static final int SEQUENCE = 6;

  @TempDir Path folder;

  static List<SmallModel> models() {
    return SmallModels.where(
        model -> !isInBody(model) && !isTooNew(model) && (ALL || FEW.contains(model.name())));
  }

  static List<SmallModel> tooNew() {
    return SmallModels.where(model -> !isInBody(model) && isTooNew(model));
  }

  private static boolean isTooNew(SmallModel model) {
    return model.traits().minOrt().compareTo(MatrixRuntime.VERSION) > 0;
  }

  private static boolean isInBody(SmallModel model) {
    return model.name().contains("inside");
  }

  @AfterAll
  static void report() throws IOException {
    if (ALL) {
      REPORT.write();
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("tooNew")
  void models_thatTheRuntimeIsTooOldFor_areRefusedByItself(SmallModel model) throws Exception {
    Path file = write(model);
    assertThatExceptionOfType(OrtException.class)
        .isThrownBy(
            () -> {
              try (OrtSession session = MatrixRuntime.open(file, new byte[0])) {
                MatrixRuntime.run(session, model.example(model.anyShape()));
              }
            })
        .satisfies(e -> REPORT.add(model.name(), "refused by the runtime: " + e.getMessage()));
  }

  @Test
  void models_thatAreRefusedAsAWhole_areThoseWithTheirLayersInBodies() throws Exception {
    for (SmallModel model : SmallModels.where(SignalMatrixTest::isInBody)) {
      Path file = model.write(folder);
      assertThatExceptionOfType(ModelRefusedException.class)
          .as(model.name())
          .isThrownBy(() -> OnnxModel.scan(file))
          .satisfies(e -> REPORT.add(model.name(), "refused: " + e.getMessage()));
    }
  }

  /** So that no signal is refused in silence. */
  @Test
  void signals_thatModelsRefuse_areThoseOfTheList() throws Exception {
    List<String> lines = new ArrayList<>();
    for (SmallModel model : SmallModels.where(each -> !isInBody(each))) {
      String open = "";
      // Where dimensions are pinned, no other signals are refused.
      for (SmallModel variant : ALL ? variants(model) : List.of(model)) {
        String refusals = refusals(compiled(variant, MatrixSignals.Places.LAYERS));
        if (!refusals.equals(open)) { // Most that are pinned are as the open one.
          lines.add(variant.name() + ": " + refusals);
        }
        open = open.isEmpty() ? refusals : open;
      }
      Overlay sites = compiled(model, MatrixSignals.Places.SITES);
      if (model.traits().layers() > 0) {
        lines.add(model.name() + SITES + ": " + refusals(sites));
      }
    }
    String found = String.join("\n", lines) + "\n";
    if (System.getProperty("matrix.refusals", "check").equals("write")) {
      Files.writeString(REFUSALS, found);
    }
    assertThat(found).isEqualTo(Files.readString(REFUSALS));
  }

  private Overlay compiled(SmallModel model, MatrixSignals.Places places) throws Exception {
    OnnxModel scanned = OnnxModel.scan(write(model));
    return MatrixModel.compile(model, scanned, places, Set.of(), Gating.BY_COST);
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
    for (SmallModel variant : PINNED ? variants(model) : List.of(model)) {
      check(variant, write(variant), MatrixSignals.Places.LAYERS);
    }
  }

  @ParameterizedTest
  @MethodSource("modelsWithSites")
  void readings_atEverySite_equalTheReference_andOutputsKeepTheirBits(SmallModel model)
      throws Exception {
    check(model, write(model), MatrixSignals.Places.SITES);
  }

  /** What the list says is refused for want of a mask is read where the pack says it needs none. */
  @ParameterizedTest
  @ValueSource(strings = {"decoder-without-mask", "encoder-without-mask", "encoder-decoder-split"})
  void readings_withoutMask_equalTheReferenceWhereThePackSaysSo(String name) throws Exception {
    SmallModel model = SmallModels.named(name);
    assertThat(compiled(model, MatrixSignals.Places.LAYERS).signals()).isEmpty();
    Overlay overlay = compiled(model, MatrixSignals.Places.UNMASKED);
    assertThat(overlay.signals()).hasSizeGreaterThan(45);
    // Of attention to other tokens than those that ask, nothing is read with a mask either.
    assertThat(overlay.refusals().values())
        .allMatch(refusal -> refusal.detail().contains("within one sequence"));
    check(model, write(model), MatrixSignals.Places.UNMASKED);
  }

  static List<SmallModel> modelsWithSites() {
    return models().stream()
        .filter(model -> model.traits().layers() > 0)
        .filter(model -> ALL || model.name().equals("encoder-post-ln-classifier"))
        .toList();
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
        if (model.hasCache() && MatrixRuntime.takesEmptyTensors() && !readsMemoryOfOthers(model)) {
          shapes.add(ExampleShape.of(batch, SEQUENCE).withPadding(padding).withPast(0));
        }
      }
      shapes.add(ExampleShape.of(3, 1).withPadding(padding));
    }
    return shapes.stream().filter(model::accepts).toList();
  }

  /** ONNX Runtime's operator does where a row has fewer real tokens than are new. */
  private static boolean readsMemoryOfOthers(SmallModel model) {
    return model.model().getGraph().getNodeList().stream()
        .anyMatch(node -> node.getOpType().equals("GroupQueryAttention"));
  }

  private static void check(SmallModel model, Path file, MatrixSignals.Places places)
      throws Exception {
    OnnxModel scanned = OnnxModel.scan(file);
    List<ExampleShape> shapes = shapes(model);
    assertThat(shapes).as(model.name()).isNotEmpty();
    String name =
        switch (places) {
          case LAYERS -> model.name();
          case SITES -> model.name() + SITES;
          case UNMASKED -> model.name() + ", no mask";
        };
    MatrixModel without = new MatrixModel(model, file, scanned, shapes, places);
    Overlay overlay = without.compile(Set.of());
    if (overlay.isEmpty()) {
      REPORT.add(name, refusals(overlay));
      return;
    }
    MatrixModel.Grafted grafted = without.run(overlay);
    without.assertReadings(overlay, grafted);
    String difference = grafted.difference();
    String outcome = difference == null ? "" : "; " + withoutGuilty(without, overlay, difference);
    REPORT.add(name, refusals(overlay) + outcome);
  }

  /** As the product does: it drops the taps that change bits, or else refuses the model. */
  private static String withoutGuilty(MatrixModel model, Overlay overlay, String difference)
      throws Exception {
    Set<String> guilty = new TreeSet<>();
    for (String tap : overlay.taps()) {
      Set<String> others = new HashSet<>(overlay.taps());
      others.remove(tap);
      Overlay alone = model.compile(others);
      if (!alone.isEmpty() && model.run(alone).difference() != null) {
        guilty.add(tap);
      }
    }
    Set<String> doubtful = model.doubtful(overlay);
    assertThat(doubtful).as(difference).isNotEmpty().containsAll(guilty);
    Overlay safe = model.compile(doubtful);
    if (!safe.isEmpty()) {
      assertThat(model.run(safe).difference()).isNull();
    }
    Overlay rest = model.compile(guilty);
    String left = guilty.isEmpty() ? difference : null;
    left = left != null || rest.isEmpty() ? left : model.run(rest).difference();
    return left != null || rest.isEmpty()
        ? "OUTPUT_CHANGED, all: " + (left == null ? difference : left)
        : "OUTPUT_CHANGED, %d of %d taps: %s (%s)"
            .formatted(guilty.size(), overlay.taps().size(), guilty, difference);
  }
}
