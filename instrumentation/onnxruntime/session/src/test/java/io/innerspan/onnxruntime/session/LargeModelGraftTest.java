package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.RowInputs;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.LargeModel;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models whose weights lie in a file of their own: scanned, grafted, certified and read. No more
 * than the structure is copied.
 */
class LargeModelGraftTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
  private static final HookPoint LAST =
      new HookPoint("blocks." + (LargeModel.LAYERS - 1) + ".hook_normalized_resid_post");
  private static final long[][] IDS = {{1, 5, 9, 2, 7}, {3, 8, 4, 0, 0}};
  private static final long[][] MASK = {{1, 1, 1, 1, 1}, {1, 1, 1, 0, 0}};

  @TempDir Path folder;
  @TempDir Path copies;

  @Test
  void reading_ofWeightsInAnotherFile_equalsReference() throws Exception {
    check(1 << 20);
  }

  /** Needs 2.3 GB of disk and 8 GB of memory: {@code -Dinnerspan.large=true}. */
  @Test
  @EnabledIfSystemProperty(named = "innerspan.large", matches = "true")
  void reading_ofMoreThanTwoGigabytes_equalsReference() throws Exception {
    check((1L << 31) + (100 << 20));
  }

  @Test
  void array_soLargeThatItsCopyIsOpened_isWhatWasGiven() throws Exception {
    long bytes = SessionOpener.LARGE_ARRAY + (1 << 20);
    byte[] array = Files.readAllBytes(LargeModel.inline(folder, bytes));
    assertThat(array.length).isGreaterThan(SessionOpener.LARGE_ARRAY);
    float[] own;
    try (OrtSession session = ENVIRONMENT.createSession(array)) {
      own = run(session);
    }
    int width = LargeModel.width(bytes);
    List<Signal> signals = List.of(probe(width), ActivationSummary.norm("norm", LAST));
    RecordingModel model = new RecordingModel(array, signals, null);
    Work work = new Work();
    ObservedSession observed = open(model, ModelSource.of(array), work);
    Arrays.fill(array, (byte) 0);
    read(observed, model, own, width, work);
  }

  @Test
  void array_soLargeThatItsCopyIsOpened_thatIsNoModel_isRefusedAsEver() throws Exception {
    byte[] array = new byte[SessionOpener.LARGE_ARRAY];
    array[0] = 1;
    RecordingModel model =
        new RecordingModel(
            Files.readAllBytes(LargeModel.inline(folder, 1 << 20)),
            List.of(ActivationSummary.norm("norm", LAST)),
            null);
    assertThatThrownBy(() -> open(model, ModelSource.of(array), new Work()))
        .isInstanceOf(OrtException.class)
        .hasMessage(message(array));
    assertThat(model.closed).isTrue();
    assertThat(model.faults).isEmpty();
    try (Stream<Path> files = Files.list(copies)) {
      assertThat(files).isEmpty();
    }
  }

  private static String message(byte[] array) {
    try (OrtSession opened = ENVIRONMENT.createSession(array)) {
      throw new AssertionError("opened: " + opened);
    } catch (OrtException e) {
      return e.getMessage();
    }
  }

  private void check(long bytes) throws Exception {
    Path file = LargeModel.external(folder, bytes);
    assertThat(Files.size(folder.resolve("large.onnx.data"))).isGreaterThanOrEqualTo(bytes);
    int width = LargeModel.width(bytes);
    float[] own;
    try (OrtSession session = ENVIRONMENT.createSession(file.toString())) {
      own = run(session);
    }
    List<Signal> signals = List.of(probe(width), ActivationSummary.norm("norm", LAST));
    RecordingModel model = new RecordingModel(Files.readAllBytes(file), signals, null);
    Work work = new Work();
    read(open(model, ModelSource.of(file.toString()), work), model, own, width, work);
  }

  private ObservedSession open(RecordingModel model, ModelSource source, Work work)
      throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      return new SessionOpener(model, work, copies)
          .open(ENVIRONMENT, source, options, OrtSession.SessionOptions::new, null);
    }
  }

  private void read(
      ObservedSession observed, RecordingModel model, float[] own, int width, Work work)
      throws Exception {
    try {
      assertThat(run(observed)).isEqualTo(own);
      assertThat(model.readings).isEmpty();
      work.doAll();
      assertThat(model.refusals).isEmpty();
      assertThat(model.faults).isEmpty();
      assertThat(model.certified).isTrue();
      assertThat(run(observed)).isEqualTo(own);
      assertThat(model.readings).hasSize(1);
      assertReading(model.readings.get(0), own, model.columns, width);
    } finally {
      Closing.close(observed);
    }
    for (Path left : List.of(folder, copies)) {
      try (Stream<Path> files = Files.list(left)) {
        assertThat(files.filter(each -> !each.getFileName().toString().startsWith("large.onnx")))
            .isEmpty();
      }
    }
  }

  private static LinearProbe probe(int width) {
    Random random = new Random(3);
    float[] direction = new float[width];
    for (int i = 0; i < width; i++) {
      direction[i] = (float) (random.nextGaussian() / Math.sqrt(width));
    }
    return new LinearProbe(
        "probe", LAST, Pooling.MEAN, direction, 0.5f, new Calibration.None(), null, "yes", "no");
  }

  /** The model's own output is the activation that is read. */
  private static void assertReading(float[] reading, float[] own, List<Signal> columns, int width) {
    for (int row = 0; row < IDS.length; row++) {
      float[][] activation = new float[IDS[row].length][];
      for (int token = 0; token < activation.length; token++) {
        int from = (row * activation.length + token) * width;
        activation[token] = Arrays.copyOfRange(own, from, from + width);
      }
      RowInputs inputs = RowInputs.of().mask(MASK[row]).activation(LAST, activation);
      for (int column = 0; column < columns.size(); column++) {
        double expected = ReferenceSignal.values(columns.get(column), inputs)[0];
        double found = reading[row * (columns.size() + 1) + column];
        assertThat(Tolerance.FP32.agrees(found, expected))
            .as("%s of row %d: %s, %s", columns.get(column).id(), row, expected, found)
            .isTrue();
      }
    }
  }

  private static float[] run(OrtSession session) throws Exception {
    try (OnnxTensor ids = OnnxTensor.createTensor(ENVIRONMENT, IDS);
        OnnxTensor mask = OnnxTensor.createTensor(ENVIRONMENT, MASK);
        OrtSession.Result result = session.run(Map.of("input_ids", ids, "attention_mask", mask))) {
      return floats(result);
    }
  }

  private static float[] run(ObservedSession session) throws Exception {
    try (OnnxTensor ids = OnnxTensor.createTensor(ENVIRONMENT, IDS);
        OnnxTensor mask = OnnxTensor.createTensor(ENVIRONMENT, MASK);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", ids, "attention_mask", mask),
                session.outputNames(),
                null,
                null)) {
      return floats(result);
    }
  }

  private static float[] floats(OrtSession.Result result) throws Exception {
    FloatBuffer buffer =
        ((OnnxTensor) result.get("last_hidden_state").orElseThrow()).getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }
}
