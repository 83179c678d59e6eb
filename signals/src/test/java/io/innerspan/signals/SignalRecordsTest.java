package io.innerspan.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.signals.Sae.Activation;
import io.innerspan.signals.Sae.Normalization;
import io.innerspan.signals.SaeFeatures.Scope;
import io.innerspan.signals.SaeFeatures.Watched;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the records of signals refuse, and what they are made of. */
class SignalRecordsTest {
  private static final HookPoint HERE = new HookPoint("h");

  @Test
  void tokenSelection_ids_areSortedAndBounded() {
    TokenSelection selection = TokenSelection.excluding(102, 0, 102);
    assertThat(selection.excludedIds()).containsExactly(0L, 102L);
    assertThat(selection.includes(0)).isFalse();
    assertThat(selection.includes(1)).isTrue();
    assertThat(selection.isAll()).isFalse();
    assertThat(TokenSelection.excluding()).isEqualTo(TokenSelection.ALL);
    assertThatThrownBy(() -> TokenSelection.excluding(5, -1))
        .hasMessage("exclude_ids: expected ids from 0 on, found -1");
    assertThatThrownBy(
            () -> TokenSelection.excluding(new Random(1).longs(1025, 0, Long.MAX_VALUE).toArray()))
        .hasMessage("exclude_ids: expected at most 1024, found 1025");
  }

  @Test
  void floats_ofAnArray_areACopyAndOfABufferAView() {
    float[] values = {1, -0f, 2};
    Floats copy = Floats.of("w", values);
    Floats view = Floats.view("w", FloatBuffer.wrap(values));
    assertThat(copy).isEqualTo(view).hasSameHashCodeAs(view);
    assertThat(copy).isEqualTo(Floats.of("w", new float[] {1, 0, 2}));
    assertThat(copy.hashCode()).isEqualTo(Floats.of("w", new float[] {1, 0, 2}).hashCode());
    values[0] = 9;
    assertThat(copy.get(0)).isEqualTo(1);
    assertThat(view.get(0)).isEqualTo(9);
    assertThat(copy).isNotEqualTo(view);
    assertThat(copy.toArray()).containsExactly(1, -0f, 2);
    assertThat(copy.buffer().isReadOnly()).isTrue();
    assertThatThrownBy(() -> Floats.of("w", new float[] {1, Float.NaN}))
        .hasMessage("w[1]: expected a finite number, found NaN");
    assertThatThrownBy(() -> Floats.of("w", new float[0]))
        .hasMessage("w: expected at least 1 value, found 0");
  }

  @Test
  void dictionary_pointersAndLabels_areThoseOfTheFeature() {
    FeatureDictionary dictionary =
        new FeatureDictionary("gpt2-small/4-res-jb", Map.of(3, "sarcasm"));
    assertThat(dictionary.label(3)).isEqualTo("sarcasm");
    assertThat(dictionary.label(2)).isNull();
    assertThat(dictionary.pointer(2)).isEqualTo("/gpt2-small/4-res-jb/2");
    assertThat(FeatureDictionary.NONE.pointer(2)).isNull();
    assertThatThrownBy(() -> new FeatureDictionary("a/b/c", Map.of()))
        .hasMessageStartingWith("neuronpedia: expected an id such as");
    assertThatThrownBy(() -> new FeatureDictionary(null, Map.of(1, " ")))
        .hasMessageStartingWith("labels.1: expected 1 to 200 characters");
    assertThatThrownBy(() -> features(1, List.of(), new FeatureDictionary(null, Map.of(4, "x"))))
        .hasMessage("labels: expected features below 4, found 4");
  }

  @Test
  void saeFeatures_watchedThatAreNotThere_areRefused() {
    assertThatThrownBy(() -> features(5, List.of(), FeatureDictionary.NONE))
        .hasMessage("top: expected from 1 to 4, found 5");
    assertThatThrownBy(() -> features(1, List.of(new Watched(4, "x")), FeatureDictionary.NONE))
        .hasMessageStartingWith("watched: expected features below 4");
    assertThatThrownBy(
            () ->
                features(
                    1, List.of(new Watched(1, "x"), new Watched(2, "x")), FeatureDictionary.NONE))
        .hasMessageStartingWith("watched: expected features below 4 with names that differ");
  }

  @Test
  void sae_weightsThatDoNotFit_areRefused() {
    Floats bias = Floats.of("b", new float[3]);
    assertThatThrownBy(() -> SmallSae.of(new Activation.Standard(bias), Normalization.NONE, true))
        .hasMessage("b_enc: expected 4 values, found 3");
    Floats right = Floats.of("b", new float[4]);
    assertThatThrownBy(
            () -> SmallSae.of(new Activation.JumpRelu(right, bias), Normalization.NONE, true))
        .hasMessage("threshold: expected 4 values, found 3");
    assertThatThrownBy(
            () -> SmallSae.of(new Activation.TopK(right, 5, false), Normalization.NONE, true))
        .hasMessage("k: expected from 1 to 4, found 5");
  }

  @Test
  void layerLens_translators_areOnePerLayerAndSquare() {
    LayerLens.Translator translator =
        new LayerLens.Translator(Floats.of("A", new float[4]), Floats.of("b", new float[2]));
    assertThatThrownBy(
            () ->
                new LayerLens(
                    "l", List.of(HERE, HERE), HERE, Position.LAST, 1, List.of(translator)))
        .hasMessage("translators: expected none or one per layer, 2, found 1");
    assertThatThrownBy(
            () ->
                new LayerLens.Translator(
                    Floats.of("A", new float[3]), Floats.of("b", new float[2])))
        .hasMessageStartingWith("translator: expected a square matrix");
  }

  private static SaeFeatures features(
      int top, List<Watched> watched, FeatureDictionary dictionary) {
    return new SaeFeatures(
        "s",
        HERE,
        TokenSelection.ALL,
        SmallSae.of(SmallSae.STANDARD, Normalization.NONE, true),
        Scope.POOLED,
        top,
        watched,
        dictionary);
  }
}
