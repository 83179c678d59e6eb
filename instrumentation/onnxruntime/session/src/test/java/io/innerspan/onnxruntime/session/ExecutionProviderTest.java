package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import io.innerspan.testing.models.TransformerFixture;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal.Reason;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sessions on an execution provider that counts as another than the CPU's: one that is chosen by
 * device, as ONNX Runtime lets do since 1.23. Of those the library on the CPU has the CPU's own
 * alone.
 */
class ExecutionProviderTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
  private static final byte[] MODEL = TransformerFixture.postNorm().bytes();
  private static final Signal FIRST =
      ActivationSummary.norm("first", new HookPoint("blocks.0.hook_normalized_resid_post"));
  private static final Signal SECOND =
      ActivationSummary.norm("second", new HookPoint("blocks.1.hook_normalized_resid_post"));

  private static final long[][] IDS = {{3, 1, 4, 1, 5}, {9, 2, 6, 5, 3}};
  private static final long[][] MASK = {{1, 1, 1, 1, 1}, {1, 1, 1, 0, 0}};
  private static final Set<String> OUTPUT = Set.of("last_hidden_state");

  @TempDir Path folder;
  private final Work work = new Work();
  private final RecordedOptions recorded = new RecordedOptions();

  /** How often sessions were opened on the provider. */
  private int opened;

  @BeforeEach
  void choose() throws Exception {
    Method add = chooser();
    assumeTrue(add != null, "providers can be chosen by device");
    recorded.add(
        SessionOptions.class.getMethod("setIntraOpNumThreads", int.class), new Object[] {1});
    recorded.add(Objects.requireNonNull(add), new Object[] {devices(), Map.of()});
  }

  @Test
  void refusal_namesTheProvider_unlessAllowed() {
    assertThat(recorded.refusal(false))
        .isEqualTo(
            new Refusal(
                Reason.EXECUTION_PROVIDER,
                "execution provider chosen by device (CPUExecutionProvider) is not the CPU's"));
    assertThat(recorded.refusal(true)).isNull();
  }

  @Test
  void graft_onTheProvider_isCertifiedAndRead() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, List.of(FIRST, SECOND), null);
    ObservedSession observed = observe(model);
    try (OrtSession original = original()) {
      assertSame(original, observed);
      assertThat(model.certified).isFalse();
      assertThat(model.readings).isEmpty();
      work.doAll();
      assertThat(model.refusals).isEmpty();
      assertThat(model.certified).isTrue();
      assertThat(model.compared).hasSize(3);
      assertThat(opened).as("sessions of ours on the provider").isEqualTo(1);
      assertSame(original, observed);
      assertThat(model.readings).hasSize(1);
      assertThat(Objects.requireNonNull(model.opening).sessionOptions())
          .anyMatch(setting -> setting.contains("CPUExecutionProvider"));
    } finally {
      close(observed);
    }
  }

  @Test
  void tap_thatChangesBitsOnTheProvider_isDropped() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, List.of(FIRST, SECOND), harm(FIRST));
    ObservedSession observed = observe(model);
    try (OrtSession original = original()) {
      work.doAll();
      assertThat(model.droppedTaps).containsExactly(ObservedSessionTest.tapOf(FIRST));
      assertThat(model.certified).isTrue();
      assertSame(original, observed);
      assertThat(model.readings).singleElement().satisfies(r -> assertThat(r).hasSize(2 * 2));
    } finally {
      close(observed);
    }
  }

  @Test
  void graft_thatChangesBitsOnTheProvider_isNotUsed() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, List.of(FIRST), harm(FIRST));
    ObservedSession observed = observe(model);
    try (OrtSession original = original()) {
      work.doAll();
      assertThat(model.reasons()).containsExactly(Reason.OUTPUT_CHANGED);
      assertThat(model.certified).isFalse();
      assertSame(original, observed);
      assertThat(model.readings).isEmpty();
    } finally {
      close(observed);
    }
  }

  private ObservedSession observe(RecordingModel model) throws OrtException {
    SessionOpener opener = new SessionOpener(model, work, folder);
    OptionsFactory counted =
        new OptionsFactory() {
          @Override
          public SessionOptions create() throws OrtException {
            opened++;
            return recorded.create();
          }

          @Override
          public List<String> settings() {
            return recorded.settings();
          }
        };
    try (SessionOptions options = recorded.create()) {
      return opener.open(
          ENVIRONMENT, ModelSource.of(MODEL), options, counted, recorded.refusal(true));
    }
  }

  private OrtSession original() throws OrtException {
    try (SessionOptions options = recorded.create()) {
      return ENVIRONMENT.createSession(MODEL, options);
    }
  }

  private static void close(ObservedSession observed) throws OrtException {
    Closing.close(observed);
  }

  private static void assertSame(OrtSession original, ObservedSession observed) throws Exception {
    assertThat(bits(inputs -> observed.run(inputs, OUTPUT, null, null))).isEqualTo(bits(original));
  }

  private static ByteBuffer bits(OrtSession session) throws OrtException {
    return bits(inputs -> session.run(inputs, OUTPUT));
  }

  private interface Run {
    OrtSession.Result of(Map<String, OnnxTensor> inputs) throws OrtException;
  }

  private static ByteBuffer bits(Run run) throws OrtException {
    try (OnnxTensor ids = OnnxTensor.createTensor(ENVIRONMENT, IDS);
        OnnxTensor mask = OnnxTensor.createTensor(ENVIRONMENT, MASK);
        OrtSession.Result result = run.of(Map.of("input_ids", ids, "attention_mask", mask))) {
      return ((OnnxTensor) result.get(0)).getByteBuffer();
    }
  }

  private static RecordingModel.Harm harm(Signal signal) throws Exception {
    return new RecordingModel.Harm(
        ObservedSessionTest.tapOf(signal), ObservedSessionTest.otherWeights());
  }

  /** The call that chooses providers by device, or null before there were any. */
  private static @Nullable Method chooser() {
    return Arrays.stream(SessionOptions.class.getMethods())
        .filter(method -> method.getName().equals("addExecutionProvider"))
        .findFirst()
        .orElse(null);
  }

  private static List<?> devices() throws ReflectiveOperationException {
    Object devices = OrtEnvironment.class.getMethod("getEpDevices").invoke(ENVIRONMENT);
    assertThat((List<?>) devices).as("devices of the library").isNotEmpty();
    return (List<?>) devices;
  }
}
