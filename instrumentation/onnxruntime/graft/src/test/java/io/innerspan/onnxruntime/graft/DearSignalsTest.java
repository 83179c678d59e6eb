package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Position;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.RowInputs;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.ExampleShape;
import io.innerspan.testing.models.ExampleTensor;
import io.innerspan.testing.models.ModelInput;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.Padding;
import io.innerspan.testing.models.SmallModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Summaries, attention, distances and confidence on every small model that has them. */
class DearSignalsTest {
  static List<SmallModel> models() {
    return DiscoveryTest.models();
  }

  @ParameterizedTest
  @MethodSource("models")
  void readings_openAndBehindGates_equalReference(SmallModel model) throws Exception {
    ExampleShape padded = ExampleShape.of(3, 6).withPadding(Padding.LEFT).withSeed(5);
    if (model.accepts(padded)) {
      check(model, padded, Gating.ALL);
    }
    check(model, model.anyShape(), Gating.NONE);
  }

  private static void check(SmallModel model, ExampleShape shape, Gating gating) throws Exception {
    OnnxModel scanned = OnnxModelTest.scan(model.bytes());
    List<Signal> signals = signals(model, scanned);
    Overlay overlay = OverlayCompiler.compile(scanned, signals, Set.of(), gating);
    assertThat(overlay.refusals().values())
        .allMatch(
            refusal ->
                refusal.reason() == SignalRefusal.Reason.NO_ATTENTION_MASK
                    || isOneStep(model, refusal));
    assertThat(overlay.refusals().isEmpty() || DiscoveryTest.lacksMask(model)).isTrue();
    if (overlay.isEmpty()) {
      return;
    }
    Map<String, ExampleTensor> example = model.example(shape);
    Map<String, OnnxTensor> feeds = DiscoveryTest.feeds(example);
    List<HookPoint> places =
        overlay.signals().stream().flatMap(each -> each.hookPoints().stream()).distinct().toList();
    Exposure exposure = OverlayCompiler.expose(scanned, places);
    Ort.Outputs tapped = Ort.run(Ort.concat(model.bytes(), exposure.bytes()), feeds);
    boolean[] gates = new boolean[overlay.gateCount() + 2];
    Arrays.fill(gates, true);
    if (overlay.gateCount() > 0) {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      feeds.put(OverlayCompiler.GATES, OnnxTensor.createTensor(environment, gates));
    }
    Ort.Outputs outputs = Ort.run(Ort.concat(model.bytes(), overlay.bytes()), feeds);
    Ort.Output reading = outputs.get(OverlayCompiler.READING);
    for (int row = 0; row < reading.shape()[0]; row++) {
      int column = 0;
      for (Signal signal : overlay.signals()) {
        List<TapPoint> taps =
            signal.hookPoints().stream()
                .map(each -> Objects.requireNonNull(scanned.resolve(each)))
                .toList();
        List<Ort.Output> activations =
            signal.hookPoints().stream()
                .map(each -> tapped.get(String.valueOf(exposure.outputs().get(each))))
                .toList();
        double[] expected = expected(signal, taps, activations, mask(model, example, row), row);
        Tolerance tolerance = DiscoveryTest.tolerance(taps.get(0));
        for (double reference : expected) {
          float value = reading.row(row)[0][column++];
          assertThat(
                  Double.isFinite(reference)
                      ? tolerance.agrees(value, reference)
                      : !Float.isFinite(value))
              .as(
                  "%s, row %s of %s at %s: expected %s, found %s",
                  shape, row, signal.id(), taps.get(0), reference, value)
              .isTrue();
        }
      }
    }
  }

  /** Whether it tells of a decoder that takes a single token that its attention spans more. */
  private static boolean isOneStep(SmallModel model, SignalRefusal refusal) {
    return model.name().endsWith("-with-past")
        && refusal.toString().contains("expected attention within one sequence");
  }

  private static List<Signal> signals(SmallModel model, OnnxModel scanned) {
    List<Signal> signals = new ArrayList<>();
    boolean oldest = model.opset() < 10; // Which cannot select a last token.
    @Nullable TapPoint before = null;
    List<TapPoint> taps = new ArrayList<>(scanned.hookPoints());
    taps.addAll(scanned.candidates());
    for (TapPoint tap : taps) {
      String name = tap.hookPoint().name();
      if (tap.layout() == TapPoint.Layout.PATTERN) {
        signals.add(
            AttentionSummaryGraphTest.summary("a" + signals.size(), name, model.traits().heads()));
      } else if (tap.usable() && tap.width() > 1 && tap.layout() != TapPoint.Layout.OTHER) {
        boolean alike =
            before != null
                && before.layout() == tap.layout()
                && before.width() == tap.width()
                && tap.layout() != TapPoint.Layout.CHANNELS;
        signals.add(
            SummaryGraphTest.all(
                "s" + signals.size(),
                name,
                before != null && alike ? before.hookPoint().name() : null));
        if (tap.width() > 4) {
          signals.add(
              DistanceGraphTest.distance(
                  "d" + signals.size(),
                  name,
                  oldest ? Pooling.CLS : Pooling.LAST,
                  TokenSelection.ALL,
                  (int) tap.width()));
        }
        before = tap;
      }
    }
    if (model.outputs().contains("logits")) {
      signals.add(
          new OutputConfidence(
              "confidence",
              new HookPoint("logits"),
              oldest ? Position.FIRST : Position.LAST,
              1.5,
              null));
    }
    return signals;
  }

  private static double[] expected(
      Signal signal, List<TapPoint> taps, List<Ort.Output> outputs, boolean[] mask, int row) {
    RowInputs inputs = RowInputs.of();
    if (signal instanceof AttentionSummary summary) {
      return attention(summary, outputs.get(0).matrices(row), mask);
    }
    for (int i = 0; i < taps.size(); i++) {
      TapPoint tap = taps.get(i);
      HookPoint place = signal.hookPoints().get(i);
      float[][] tokens = DiscoveryTest.rows(tap, outputs.get(i), row);
      if (tap.layout() == TapPoint.Layout.TOKENS) {
        inputs.mask(last(mask, tokens.length));
      }
      if (!(signal instanceof OutputConfidence)) {
        inputs.activation(place, tokens);
      } else if (tap.perToken()) {
        inputs.logits(place, tokens);
      } else {
        inputs.logits(place, tokens[0]);
      }
    }
    return ReferenceSignal.values(signal, inputs);
  }

  /** Where there are more keys than queries these are the last: earlier ones are left out. */
  private static double[] attention(AttentionSummary summary, float[][][] heads, boolean[] mask) {
    int keys = heads[0][0].length;
    int past = keys - heads[0].length;
    float[][][] square = new float[heads.length][keys][keys];
    for (int head = 0; head < heads.length; head++) {
      System.arraycopy(heads[head], 0, square[head], past, heads[head].length);
    }
    long[] ids = new long[keys];
    Arrays.fill(ids, 0, past, 1);
    AttentionSummary ofQueries =
        new AttentionSummary(
            summary.id(), summary.hookPoint(), TokenSelection.excluding(1), heads.length, true);
    RowInputs inputs =
        RowInputs.of().mask(last(mask, keys)).ids(ids).attention(summary.hookPoint(), square);
    return ReferenceSignal.values(ofQueries, inputs);
  }

  private static long[] last(boolean[] mask, int tokens) {
    long[] last = new long[tokens];
    for (int i = 0; i < tokens; i++) {
      last[i] = mask.length == 0 || mask[mask.length - tokens + i] ? 1 : 0;
    }
    return last;
  }

  /** Which tokens of a row are real, those of a cache among them; none without a mask. */
  private static boolean[] mask(SmallModel model, Map<String, ExampleTensor> example, int row) {
    for (ModelInput input : model.inputs()) {
      if (input.role() == Role.MASK) {
        ExampleTensor mask = Objects.requireNonNull(example.get(input.name()));
        int tokens = (int) mask.shape()[1];
        boolean[] real = new boolean[tokens];
        for (int i = 0; i < tokens; i++) {
          real[i] = DiscoveryTest.isSet(mask, row * tokens + i);
        }
        return real;
      }
    }
    return new boolean[0];
  }
}
