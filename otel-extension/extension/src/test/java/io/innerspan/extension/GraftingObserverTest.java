package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.onnxruntime.graft.Gating;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataLocation;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.testing.models.TransformerFixture;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import io.opentelemetry.javaagent.innerspan.bridge.ModelOpening;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraftingObserverTest {
  private static final TransformerFixture FIXTURE = TransformerFixture.postNorm();

  @TempDir Path folder;
  private ProbePack pack;
  private int likely;

  @BeforeEach
  void makePack() throws Exception {
    OnnxModel model = OnnxModel.scan(ByteBuffer.wrap(FIXTURE.bytes()));
    pack = Objects.requireNonNull(AnyModelPack.of(model, "fixture", "ab".repeat(32)));
  }

  @Test
  void observe_modelOfAPack_saysThatAGraftIsLikely_andPlansItOnce() throws Exception {
    GraftingObserver observer = observer(false);
    byte[] expected =
        GraftPlan.of(
                OnnxModel.scan(ByteBuffer.wrap(FIXTURE.bytes())),
                List.of(pack),
                Gating.BY_COST,
                Set.of())
            .overlay()
            .bytes();

    GraftOverlay first = observe(observer, null, FIXTURE.bytes());
    GraftOverlay sibling = observe(observer, null, TestModels.sibling(FIXTURE));

    assertThat(first).isNotNull();
    assertThat(first.bytes()).isEqualTo(expected);
    assertThat(sibling).isSameAs(first);
    assertThat(likely).isEqualTo(2);
  }

  @Test
  void observe_otherModels_sayNothing() throws Exception {
    GraftingObserver observer = observer(false);

    assertThat(observe(observer, null, FIXTURE.withLayers(3).bytes())).isNull();
    assertThat(observe(observer, null, new byte[] {1, 2, 3})).isNull();
    assertThat(observe(observer, folder.resolve("missing"), null)).isNull();
    assertThat(likely).isZero();
  }

  /** A model that the engine does not open either is its to tell of. */
  @Test
  void observe_fileThatIsGone_isToldOnceTheEngineHasOpenedIt() {
    List<String> told = new ArrayList<>();
    Handler handler =
        new StreamHandler() {
          @Override
          public synchronized void publish(LogRecord entry) {
            told.add(entry.getMessage());
          }
        };
    Logger logger = Logger.getLogger(GraftingObserver.class.getName());
    logger.addHandler(handler);
    try {
      ModelOpening opening =
          new ModelOpening("onnxruntime", "1.0", folder.resolve("gone.onnx"), null, null, null);
      ObservedModel model = observer(false).observe(opening);
      assertThat(model.overlay()).isNull();
      assertThat(told).isEmpty();
      model.opened();
      assertThat(told)
          .singleElement()
          .asString()
          .startsWith("Innerspan: gone.onnx runs without a graft")
          .contains("its file could not be read: java.nio.file.NoSuchFileException");
    } finally {
      logger.removeHandler(handler);
    }
  }

  @Test
  void observe_weightsInOtherFiles_needACopyElsewhere() throws Exception {
    ModelProto.Builder model = FIXTURE.model().toBuilder();
    model
        .getGraphBuilder()
        .getInitializerBuilder(0)
        .setDataLocation(DataLocation.EXTERNAL)
        .clearRawData();

    GraftingObserver observer = observer(false);
    for (int time = 0; time < 2; time++) {
      GraftOverlay overlay = observe(observer, null, model.build().toByteArray());
      assertThat(overlay).isNotNull();
      assertThat(overlay.externalData()).isTrue();
    }
    assertThat(likely).isZero();
  }

  @Test
  void observe_filesThatAreImmutable_needNoCopy() throws Exception {
    GraftingObserver observer = observer(true);
    Path file = Files.write(folder.resolve("model.onnx"), FIXTURE.bytes());

    assertThat(observe(observer, file, null)).isNotNull();
    assertThat(likely).isZero();
    assertThat(observe(observer, null, FIXTURE.bytes())).isNotNull();
    assertThat(likely).isEqualTo(1);
  }

  private @Nullable GraftOverlay observe(
      GraftingObserver observer, @Nullable Path file, byte @Nullable [] bytes) {
    ModelOpening opening =
        new ModelOpening(
            "onnxruntime", "1.0", file, bytes == null ? null : ByteBuffer.wrap(bytes), null, null);
    ObservedModel model = observer.observe(opening, () -> likely++);
    model.closed();
    return model.overlay();
  }

  private GraftingObserver observer(boolean immutable) {
    Services none =
        InnerspanListener.services(
            new Version("0", "0"),
            Settings.of(DeclarativeConfigProperties.empty()),
            OpenTelemetry.noop());
    Services services =
        new Services(
            none.recorder(),
            new Packs(List.of(pack)),
            none.certificates(),
            none.sampling(),
            none.canaries(),
            none.explainer(),
            none.content(),
            none.application(),
            none.mcp(),
            false);
    return new GraftingObserver(new Lazy<>(() -> services), work -> {}, immutable);
  }
}
