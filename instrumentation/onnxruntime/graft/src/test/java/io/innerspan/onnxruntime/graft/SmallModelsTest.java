package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.ExampleTensor;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.Traits.Family;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found in models whose insides are known, and what is read there. */
class SmallModelsTest {
  static List<SmallModel> models() {
    return SmallModels.where(model -> model.files().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("models")
  void resolve_placesOfTheModel_areWhereItsAuthorPutThem(SmallModel model) throws Exception {
    OnnxModel scanned = OnnxModelTest.scan(model.bytes());
    assertThat(scanned.layers()).hasSize(model.traits().layers());
    List<String> wrong = new ArrayList<>();
    model
        .hooks()
        .forEach(
            (name, tensor) -> {
              TapPoint tap = scanned.resolve(new HookPoint(name));
              if (tap == null || !tap.tensor().name().equals(tensor)) {
                wrong.add(name + ": " + tensor + ", found " + tap);
              }
            });
    wrong.sort(null);
    System.err.println(
        "MODEL "
            + model.name()
            + " cand="
            + scanned.candidates().size()
            + " cache="
            + scanned.cache()
            + " tail="
            + scanned.tailRefusal()
            + " hooks "
            + scanned.hookPoints().size());
    wrong.forEach(w -> System.err.println("   WRONG " + w));
  }

  @ParameterizedTest
  @MethodSource("models")
  void reading_ofEveryPlace_equalsTheReferenceAndKeepsOutputs(SmallModel model) throws Exception {
    byte[] bytes = model.bytes();
    OnnxModel scanned = OnnxModelTest.scan(bytes);
    List<Signal> signals = new ArrayList<>();
    List<TapPoint> taps = new ArrayList<>(scanned.hookPoints());
    taps.addAll(scanned.candidates());
    for (TapPoint tap : taps) {
      if (tap.safety() == TapPoint.Safety.SAFE || model.traits().layers() == 0) {
        signals.add(Signals.norm("n" + signals.size(), tap.hookPoint().name()));
      }
    }
    Overlay overlay = OverlayCompiler.compile(scanned, signals, Set.of(), Gating.NONE);
    System.err.println(
        "READ "
            + model.name()
            + " "
            + overlay.signals().size()
            + " of "
            + signals.size()
            + " "
            + overlay.refusals().values().stream().map(Object::toString).distinct().toList());
    if (overlay.isEmpty()) return;
    Map<String, OnnxTensor> feeds = feeds(model);
    Exposure exposure =
        OverlayCompiler.expose(scanned, overlay.signals().stream().map(Signal::hookPoint).toList());
    Ort.Outputs original = Ort.run(bytes, feeds);
    Ort.Outputs tapped = Ort.run(Ort.concat(bytes, exposure.bytes()), feeds);
    Ort.Outputs grafted = Ort.run(Ort.concat(bytes, overlay.bytes()), feeds);
    original
        .byName()
        .forEach(
            (name, output) -> {
              int bits = output.differentBits(grafted.get(name));
              if (bits != 0) System.err.println("   BITS " + name + " " + bits);
            });
    Ort.Output reading = grafted.get(OverlayCompiler.READING);
    for (int column = 0; column < overlay.signals().size(); column++) {
      Signal signal = overlay.signals().get(column);
      TapPoint tap = Objects.requireNonNull(scanned.resolve(signal.hookPoint()));
      String name = Objects.requireNonNull(exposure.outputs().get(signal.hookPoint()));
      Ort.Output activation = tapped.get(name);
      for (int row = 0; row < reading.shape()[0]; row++) {
        float[][] tokens = rows(tap, activation, row);
        boolean[] real = real(model, tokens.length, row);
        double reference = ReferenceSignal.value(signal, tokens, real);
        double value = reading.row(row)[0][column];
        if (!Tolerance.FP32.agrees(value, reference))
          System.err.println("   VALUE " + signal.hookPoint() + " " + value + " " + reference);
      }
    }
  }

  private static float[][] rows(TapPoint tap, Ort.Output activation, int row) {
    if (tap.layout() != TapPoint.Layout.CHANNELS) {
      return activation.row(row);
    }
    int channels = (int) activation.shape()[1];
    int positions = activation.values().length / channels / (int) activation.shape()[0];
    float[][] result = new float[positions][channels];
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < channels; c++) {
        result[p][c] = activation.values()[(row * channels + c) * positions + p];
      }
    }
    return result;
  }

  /** The last of a row's tokens that the mask calls real, or all where there is no mask. */
  private static boolean[] real(SmallModel model, int tokens, int row) {
    boolean[] real = new boolean[tokens];
    Arrays.fill(real, true);
    model.inputs().stream()
        .filter(input -> input.role() == Role.MASK)
        .forEach(
            input -> {
              ExampleTensor mask =
                  Objects.requireNonNull(model.example(model.anyShape()).get(input.name()));
              int all = (int) mask.shape()[1];
              for (int i = 0; i < tokens && tokens > 1; i++) {
                real[i] = isSet(mask, row * all + all - tokens + i);
              }
            });
    return real;
  }

  private static boolean isSet(ExampleTensor mask, int index) {
    int size = mask.data().capacity() / (int) (mask.shape()[0] * mask.shape()[1]);
    for (int i = 0; i < size; i++) {
      if (mask.data().get(index * size + i) != 0) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, OnnxTensor> feeds(SmallModel model) throws Exception {
    Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
    for (Map.Entry<String, ExampleTensor> entry : model.example(model.anyShape()).entrySet()) {
      ExampleTensor tensor = entry.getValue();
      feeds.put(
          entry.getKey(),
          OnnxTensor.createTensor(
              OrtEnvironment.getEnvironment(),
              tensor.data(),
              tensor.shape(),
              OnnxJavaType.valueOf(tensor.type().name())));
    }
    return feeds;
  }

  @ParameterizedTest
  @MethodSource("models")
  void family_known(SmallModel model) {
    assertThat(model.traits().family()).isInstanceOf(Family.class);
  }
}
