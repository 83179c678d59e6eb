package io.innerspan.workbench.sae;

import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.store.Rows;
import io.innerspan.workbench.store.StoreTexts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A store's tokens and labels on both sides of the split, and what is measured of them. */
final class HeldOut {
  private final TokenChoice choice;
  private final @Nullable String positive;
  private final Rows training;
  private final Rows heldOut;
  private final Rows all;
  private final int[] train;
  private final int[] test;

  /**
   * @param store for messages
   * @param positive the label to tell from others, or null for no probing
   * @throws BadInput when one side has no tokens, or but one kind of labels
   */
  HeldOut(Path store, TokenChoice choice, @Nullable String positive) {
    this.choice = choice;
    this.positive = positive;
    Rows rows = choice.texts().rows();
    training = rows.only(choice.training());
    heldOut = rows.only(choice.heldOut());
    all = rows.only(choice.all());
    if (training.count() == 0 || heldOut.count() < 2) {
      throw BadInput.in(
          store,
          "texts on both sides of the split",
          training.count() + " tokens to learn from and " + heldOut.count() + " held out");
    }
    train = labelled(store, false);
    test = labelled(store, true);
  }

  private int[] labelled(Path store, boolean held) {
    if (positive == null) {
      return new int[0];
    }
    StoreTexts texts = choice.texts();
    int[] chosen =
        IntStream.range(0, texts.size())
            .filter(text -> choice.isHeldOut(text) == held && texts.label(text) != null)
            .toArray();
    boolean[] labels = labels(chosen);
    boolean both = false;
    for (int i = 1; i < labels.length; i++) {
      both |= labels[i] != labels[0];
    }
    if (!both) {
      throw BadInput.in(
          store,
          "texts with the label '"
              + positive
              + "' and others among the "
              + (held ? "held-out" : "training")
              + " texts",
          "one kind only of " + chosen.length + " labelled texts");
    }
    return chosen;
  }

  private boolean[] labels(int[] texts) {
    boolean[] labels = new boolean[texts.length];
    for (int i = 0; i < texts.length; i++) {
      labels[i] = String.valueOf(positive).equals(choice.texts().label(texts[i]));
    }
    return labels;
  }

  /** The activations that training sees. */
  Rows training() {
    return training;
  }

  /** Those that it does not. */
  Rows heldOut() {
    return heldOut;
  }

  /** The held-out texts, in the store's order. */
  List<String> texts() {
    return IntStream.range(0, choice.texts().size())
        .filter(choice::isHeldOut)
        .mapToObj(choice.texts()::text)
        .toList();
  }

  /** How many labelled texts probing is judged by. */
  int testTexts() {
    return test.length;
  }

  /** All that is measured of one autoencoder. */
  SeedResult result(String name, SaeEncoder encoder, @Nullable LossRecovered loss) {
    Activity activity = Activity.of(encoder, all);
    return new SeedResult(
        name,
        Reconstruction.of(heldOut, encoder.batch(), encoder::reconstruct),
        Activity.of(encoder, heldOut).l0(),
        activity.alive(),
        loss,
        featureProbing(encoder),
        activity);
  }

  private @Nullable SparseProbing featureProbing(SaeEncoder encoder) {
    if (positive == null) {
      return null;
    }
    return SparseProbing.of(
        PooledRows.features(choice, train, encoder),
        labels(train),
        PooledRows.features(choice, test, encoder),
        labels(test),
        bootstrap());
  }

  /** Probing of what activations are mapped to, or null without labels. */
  @Nullable SparseProbing probing(int width, PooledRows.Mapping mapping, boolean withAll) {
    if (positive == null) {
      return null;
    }
    return SparseProbing.of(
        PooledRows.of(choice, train, width, mapping),
        labels(train),
        PooledRows.of(choice, test, width, mapping),
        labels(test),
        withAll,
        bootstrap());
  }

  /** Resamples groups of held-out texts; copies in other spacing or case count as one. */
  GroupBootstrap bootstrap() {
    return new GroupBootstrap(Arrays.stream(test).mapToObj(choice.units()::get).toList(), 1);
  }
}
