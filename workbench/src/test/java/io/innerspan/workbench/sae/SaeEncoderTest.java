package io.innerspan.workbench.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.Floats;
import io.innerspan.signals.Sae;
import io.innerspan.signals.Sae.Activation;
import io.innerspan.signals.Sae.Normalization;
import io.innerspan.signals.reference.ReferenceSae;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SaeEncoderTest {
  private static final int IN = 12;
  private static final int FEATURES = 20;

  static List<Sae> saes() {
    Random random = new Random(2);
    Floats bias = Floats.of("b", TestSaes.values(random, FEATURES));
    float[] thresholds = TestSaes.values(random, FEATURES);
    for (int f = 0; f < FEATURES; f++) {
      thresholds[f] = Math.abs(thresholds[f]);
    }
    List<Activation> activations =
        List.of(
            new Activation.Standard(bias),
            new Activation.TopK(bias, 4, false),
            new Activation.TopK(bias, 4, true),
            new Activation.JumpRelu(bias, Floats.of("threshold", thresholds)),
            new Activation.Gated(
                bias,
                Floats.of("b_mag", TestSaes.values(random, FEATURES)),
                Floats.of("r_mag", TestSaes.values(random, FEATURES))));
    List<Sae> saes = new ArrayList<>();
    for (Activation activation : activations) {
      for (Normalization normalization : Normalization.values()) {
        saes.add(TestSaes.random(IN, FEATURES, activation, normalization));
      }
    }
    return saes;
  }

  @ParameterizedTest
  @MethodSource("saes")
  void encodeAndDecode_equalTheReference(Sae sae) {
    float[] x = TestSaes.values(new Random(9), 7 * IN);
    try (SaeEncoder encoder = new SaeEncoder(sae)) {
      SparseCode code = encoder.encode(x);
      float[] decoded = encoder.reconstruct(x);
      for (int row = 0; row < 7; row++) {
        double[] input = new double[IN];
        for (int d = 0; d < IN; d++) {
          input[d] = x[row * IN + d];
        }
        ReferenceSae reference = ReferenceSae.encode(sae, input);
        double[] dense = new double[FEATURES];
        for (int i = code.splits()[row]; i < code.splits()[row + 1]; i++) {
          dense[code.features()[i]] = code.values()[i];
        }
        assertThat(dense).containsExactly(reference.features(), within(1e-4));
        double[] out = new double[IN];
        for (int d = 0; d < IN; d++) {
          out[d] = decoded[row * IN + d];
        }
        assertThat(out).containsExactly(reference.decode(), within(1e-3));
      }
    }
  }

  @Test
  void topK_ofEqualValues_takesTheFirst() {
    SparseCode code = Selection.topK(new float[] {1, 3, 3, 3, -1, -2, 0, -3}, 4, 2);
    assertThat(code.splits()).containsExactly(0, 2, 2);
    assertThat(code.features()).containsExactly(1, 2);
    assertThat(code.values()).containsExactly(3, 3);
  }

  @Test
  void batchTopK_sharesTheBudgetAmongRows() {
    SparseCode code = Selection.batchTopK(new float[] {5, 4, 3, 2, 1, 0, -1, 3}, 4, 2);
    assertThat(code.splits()).containsExactly(0, 3, 4);
    assertThat(code.features()).containsExactly(0, 1, 2, 3);
    assertThat(code.values()).containsExactly(5, 4, 3, 3);
    SparseCode none = Selection.batchTopK(new float[] {-1, 0, -2, 0}, 2, 1);
    assertThat(none.size()).isZero();
  }

  @Test
  void largest_isTheSortedOne() {
    Random random = new Random(1);
    for (int n = 1; n < 40; n++) {
      float[] values = new float[n];
      for (int i = 0; i < n; i++) {
        values[i] = random.nextInt(10);
      }
      float[] sorted = values.clone();
      Arrays.sort(sorted);
      for (int k = 1; k <= n; k++) {
        assertThat(Selection.largest(values.clone(), n, k)).isEqualTo(sorted[n - k]);
      }
    }
  }

  @Test
  void gradients_equalDifferences() {
    // Against the loss itself, in a place where the selection does not change.
    Random random = new Random(4);
    float[] mean = TestSaes.values(random, IN);
    SaeWeights weights = new SaeWeights(IN, FEATURES, new Scaling(mean, 1), random);
    float[] raw = TestSaes.values(random, 5 * IN);
    step(weights, raw).backward();
    check(weights, raw, weights.encoder, weights.encoderGradient);
    check(weights, raw, weights.decoder, weights.decoderGradient);
    check(weights, raw, weights.encoderBias, weights.encoderBiasGradient);
    check(weights, raw, weights.decoderBias, weights.decoderBiasGradient);
  }

  private static void check(SaeWeights weights, float[] raw, float[] values, float[] gradient) {
    for (int i = 0; i < values.length; i += Math.max(1, values.length / 17)) {
      float before = values[i];
      float h = 1e-3f;
      values[i] = before + h;
      double up = loss(weights, raw);
      values[i] = before - h;
      double down = loss(weights, raw);
      values[i] = before;
      assertThat((double) gradient[i]).isCloseTo((up - down) / (2 * h), within(2e-3));
    }
  }

  private static double loss(SaeWeights weights, float[] raw) {
    return Arrays.stream(step(weights, raw).squaredErrors()).sum() / raw.length;
  }

  private static Step step(SaeWeights weights, float[] raw) {
    float[] x = raw.clone();
    for (int i = 0; i < x.length; i++) {
      x[i] -= weights.decoderBias[i % IN];
    }
    try (Gemm gemm = new Gemm(IN, FEATURES)) {
      gemm.set(weights.encoder, weights.encoderBias);
      return new Step(x, weights, Selection.topK(gemm.multiply(x), FEATURES, 4));
    }
  }
}
