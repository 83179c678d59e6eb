package io.innerspan.workbench.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.Floats;
import io.innerspan.signals.Sae;
import org.junit.jupiter.api.Test;

class FeatureIdsTest {
  private static final float[] NO_BIAS = {0, 0};

  @Test
  void of_whatChangesAFeature_changesItsId() {
    String id = id(sae(2, false, true, NO_BIAS));

    assertThat(id(sae(2, false, true, NO_BIAS))).isEqualTo(id).startsWith("f").hasSize(25);
    assertThat(id(sae(1, false, true, NO_BIAS))).as("k").isNotEqualTo(id);
    assertThat(id(sae(2, true, true, NO_BIAS))).as("rescaled").isNotEqualTo(id);
    assertThat(id(sae(2, false, true, new float[] {0, 1}))).as("b_dec").isNotEqualTo(id);
    assertThat(id(sae(2, false, false, NO_BIAS))).as("not subtracted").isNotEqualTo(id);
  }

  @Test
  void of_aBiasThatIsNotSubtracted_isNoPartOfIt() {
    assertThat(id(sae(2, false, false, new float[] {0, 1})))
        .isEqualTo(id(sae(2, false, false, NO_BIAS)));
  }

  @Test
  void of_anotherOrder_keepsIds() {
    String[] ids = FeatureIds.of(sae(2, false, true, NO_BIAS), "m", "p");
    Sae turned =
        new Sae(
            2,
            3,
            new Sae.Activation.TopK(Floats.of("b_enc", new float[] {3, 2, 1}), 2, false),
            Sae.Normalization.NONE,
            true,
            Floats.of("W_enc", new float[] {3, 2, 1, 6, 5, 4}),
            Floats.of("W_dec", new float[] {5, 6, 3, 4, 1, 2}),
            Floats.of("b_dec", NO_BIAS));

    assertThat(FeatureIds.of(turned, "m", "p")).containsExactly(ids[2], ids[1], ids[0]);
  }

  private static String id(Sae sae) {
    return FeatureIds.of(sae, "m", "p")[1];
  }

  private static Sae sae(int k, boolean rescaled, boolean subtracted, float[] bias) {
    return new Sae(
        2,
        3,
        new Sae.Activation.TopK(Floats.of("b_enc", new float[] {1, 2, 3}), k, rescaled),
        Sae.Normalization.NONE,
        subtracted,
        Floats.of("W_enc", new float[] {1, 2, 3, 4, 5, 6}),
        Floats.of("W_dec", new float[] {1, 2, 3, 4, 5, 6}),
        Floats.of("b_dec", bias));
  }
}
