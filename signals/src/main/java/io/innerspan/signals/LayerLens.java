package io.innerspan.signals;

import java.util.ArrayList;
import java.util.List;

/**
 * What the model would answer if each of its layers were the last: the model's own tail (final
 * norm, unembedding or classifier head) applied to the activation of each layer. With translators
 * it is the tuned lens {@code h + A_l h + b_l} (arXiv 2303.08112), without them the logit lens.
 *
 * <p>Per layer, of the probabilities q at the position, with p the model's own: the {@code top}
 * most probable answers with their probabilities, the entropy of q in nats, {@code KL(p ‖ q)} in
 * nats, and the rank in q of the model's own answer: how many answers have a larger logit, so that
 * 0 is the first. Of equal logits the lower index counts as the larger in p and in the top answers.
 *
 * @param id the signal's id
 * @param layers where each layer's output is read, from the first layer to the last, 1 to 512
 * @param logits the model's output {@code [batch, tokens, answers]} or {@code [batch, answers]}
 * @param position the token whose prediction is looked at; of no matter where logits have no tokens
 * @param top how many answers are told, 1 to 20
 * @param translators one per layer, or none
 */
public record LayerLens(
    String id,
    List<HookPoint> layers,
    HookPoint logits,
    Position position,
    int top,
    List<Translator> translators)
    implements Signal {
  private static final int MOST_LAYERS = 512;
  private static final int MOST_TOP = 20;

  /**
   * A layer's affine map of the tuned lens.
   *
   * @param weight A, {@code [width, width]}, row by row: {@code (A h)_i = Σ_j A_ij h_j}
   * @param bias b, {@code [width]}
   */
  public record Translator(Floats weight, Floats bias) {
    public Translator {
      if ((long) bias.size() * bias.size() != weight.size()) {
        throw new InvalidValueException(
            "translator", "a square matrix as wide as its bias " + bias.size(), weight.size());
      }
    }
  }

  public LayerLens {
    Checks.id(id);
    layers = List.copyOf(layers);
    translators = List.copyOf(translators);
    Checks.count("layers", layers.size(), MOST_LAYERS);
    Checks.count("top", top, MOST_TOP);
    if (!translators.isEmpty() && translators.size() != layers.size()) {
      throw new InvalidValueException(
          "translators", "none or one per layer, " + layers.size(), translators.size());
    }
  }

  /** The output of the first layer. */
  @Override
  public HookPoint hookPoint() {
    return layers.get(0);
  }

  @Override
  public List<HookPoint> hookPoints() {
    List<HookPoint> all = new ArrayList<>(layers);
    all.add(logits);
    return all;
  }

  /** The number of columns that each layer has. */
  public int columnsPerLayer() {
    return 2 * top + 3;
  }

  /** The column of the answer at a rank, from 0 on. */
  public int answer(int layer, int rank) {
    return layer * columnsPerLayer() + rank;
  }

  /** The column of the probability of the answer at a rank, from 0 on. */
  public int probability(int layer, int rank) {
    return layer * columnsPerLayer() + top + rank;
  }

  /** The column of the entropy. */
  public int entropy(int layer) {
    return layer * columnsPerLayer() + 2 * top;
  }

  /** The column of the divergence from the model's own answer. */
  public int divergence(int layer) {
    return layer * columnsPerLayer() + 2 * top + 1;
  }

  /** The column of the rank of the model's own answer. */
  public int rank(int layer) {
    return layer * columnsPerLayer() + 2 * top + 2;
  }

  @Override
  public TokenSelection tokens() {
    return position.tokens();
  }

  @Override
  public List<String> columnNames() {
    List<String> names = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      String prefix = "layer." + layer + ".";
      for (int rank = 0; rank < top; rank++) {
        names.add(prefix + "top." + rank + ".index");
      }
      for (int rank = 0; rank < top; rank++) {
        names.add(prefix + "top." + rank + ".probability");
      }
      names.add(prefix + "entropy");
      names.add(prefix + "kl");
      names.add(prefix + "rank");
    }
    return names;
  }
}
