package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found in models whose insides are known, and what is read there. */
class DiscoveryTest {
  /** All but those whose layers lie in bodies of If and Loop, which are refused. */
  static List<SmallModel> models() {
    OrtVersion version = OrtVersion.of(OrtEnvironment.getEnvironment().getVersion());
    return SmallModels.where(
        model ->
            model.files().isEmpty()
                && !model.name().contains("inside")
                && model.traits().minOrt().compareTo(version) <= 0);
  }

  static List<SmallModel> inBodies() {
    return SmallModels.where(model -> model.name().contains("inside"));
  }

  @ParameterizedTest
  @MethodSource("inBodies")
  void scan_layersInBodies_areRefused(SmallModel model) {
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> OnnxModelTest.scan(model.bytes()))
        .withMessageContaining("subgraphs");
  }

  @ParameterizedTest
  @MethodSource("models")
  void resolve_placesOfTheModel_areWhereItsAuthorPutThem(SmallModel model) throws Exception {
    OnnxModel scanned = OnnxModelTest.scan(model.bytes());
    assertThat(scanned.layers()).hasSize(model.traits().layers());
    Map<String, String> expected = new TreeMap<>(model.hooks());
    Map<String, String> found = new TreeMap<>();
    for (String place : expected.keySet()) {
      found.put(place, tensor(scanned, place));
    }
    if (model.traits().layers() == 0) {
      assertThat(scanned.candidates())
          .extracting(tap -> tap.tensor().name())
          .containsExactlyInAnyOrderElementsOf(expected.values());
    } else {
      assertThat(found).isEqualTo(expected);
    }
  }

  private static String tensor(OnnxModel model, String place) {
    List<String> names =
        switch (place) {
          case "ln_final" -> List.of("ln_final.hook_normalized", "ln_final.hook_out");
          default -> List.of(place);
        };
    for (String name : names) {
      TapPoint tap = model.resolve(new HookPoint(name));
      if (tap != null) {
        return tap.tensor().name();
      }
    }
    return model.missing(new HookPoint(place));
  }

  @ParameterizedTest
  @MethodSource("models")
  void reading_ofSafePlaces_equalsTheReferenceAndKeepsOutputs(SmallModel model) throws Exception {
    check(model, tap -> tap.safety() == TapPoint.Safety.SAFE, true);
  }

  @ParameterizedTest
  @MethodSource("models")
  void reading_ofEveryPlace_equalsTheReference(SmallModel model) throws Exception {
    check(model, TapPoint::usable, false);
  }

  private static void check(SmallModel model, Predicate<TapPoint> which, boolean sameBits)
      throws Exception {
    byte[] bytes = model.bytes();
    OnnxModel scanned = OnnxModelTest.scan(bytes);
    Map<String, TapPoint> taps = new LinkedHashMap<>();
    Stream.concat(scanned.hookPoints().stream(), scanned.candidates().stream())
        .filter(which)
        .filter(tap -> tap.layout() != TapPoint.Layout.PATTERN)
        .forEach(tap -> taps.put(tap.hookPoint().name(), tap));
    List<Signal> signals = new ArrayList<>();
    taps.keySet().forEach(name -> signals.add(Signals.norm("n" + signals.size(), name)));
    Overlay overlay = OverlayCompiler.compile(scanned, signals, Set.of(), Gating.NONE);
    assertThat(overlay.refusals().values())
        .allMatch(refusal -> refusal.reason() == SignalRefusal.Reason.NO_ATTENTION_MASK);
    assertThat(overlay.refusals().isEmpty() || lacksMask(model)).isTrue();
    if (overlay.isEmpty()) {
      return;
    }
    Map<String, OnnxTensor> feeds = feeds(model);
    List<HookPoint> places = overlay.signals().stream().map(Signal::hookPoint).toList();
    Exposure exposure = OverlayCompiler.expose(scanned, places);
    Ort.Outputs original = Ort.run(bytes, feeds);
    Ort.Outputs tapped = Ort.run(Ort.concat(bytes, exposure.bytes()), feeds);
    Ort.Outputs grafted = Ort.run(Ort.concat(bytes, overlay.bytes()), feeds);
    for (String output : sameBits ? model.outputs() : List.<String>of()) {
      assertThat(original.get(output).differentBits(grafted.get(output))).as(output).isZero();
    }
    Ort.Output reading = grafted.get(OverlayCompiler.READING);
    for (int column = 0; column < places.size(); column++) {
      TapPoint tap = Objects.requireNonNull(taps.get(places.get(column).name()));
      Ort.Output activation = tapped.get(exposure.outputs().get(places.get(column)));
      for (int row = 0; row < reading.shape()[0]; row++) {
        float[][] tokens = rows(tap, activation, row);
        double reference =
            ReferenceSignal.value(
                overlay.signals().get(column), tokens, real(model, tokens.length, row));
        assertThat((double) reading.row(row)[0][column])
            .as("row %s of %s", row, tap)
            .matches(value -> tolerance(tap).agrees(value, reference), "equals " + reference);
      }
    }
  }

  static boolean lacksMask(SmallModel model) {
    return model.name().contains("without-mask")
        || model.traits().family() == Family.ENCODER_DECODER;
  }

  static Tolerance tolerance(TapPoint tap) {
    return tap.tensor().type() == ElementType.FLOAT ? Tolerance.FP32 : Tolerance.FP16;
  }

  static float[][] rows(TapPoint tap, Ort.Output activation, int row) {
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

  static boolean isSet(ExampleTensor mask, int index) {
    int size = mask.data().capacity() / (int) (mask.shape()[0] * mask.shape()[1]);
    for (int i = 0; i < size; i++) {
      if (mask.data().get(index * size + i) != 0) {
        return true;
      }
    }
    return false;
  }

  static Map<String, OnnxTensor> feeds(SmallModel model) throws Exception {
    return feeds(model.example(model.anyShape()));
  }

  static Map<String, OnnxTensor> feeds(Map<String, ExampleTensor> example) throws Exception {
    Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
    for (Map.Entry<String, ExampleTensor> entry : example.entrySet()) {
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
}
