package io.innerspan.workbench.bench;

import org.jspecify.annotations.Nullable;

/** A method that detects concepts, with what AxBench (arXiv 2501.17148) found of its like. */
public enum Detector {
  /** A logistic probe. */
  PROBE("probe", "logistic probe", 0.940),
  /** A difference of means. */
  DIFFERENCE_OF_MEANS("difference_of_means", "difference of means", 0.942),
  /** Words. */
  BAG_OF_WORDS("bag_of_words", "bag of words (TF-IDF, logistic regression)", 0.914),
  /** One feature of an autoencoder. */
  SAE("sae_feature", "one SAE feature, the best on the training half", 0.695),
  /** The same of a random dictionary. */
  RANDOM_DICTIONARY("random_dictionary", "one feature of a random dictionary", null),
  /** The direction along which positive texts differ most. */
  PCA("pca", "first principal component of the positive texts", 0.652),
  /** A control. */
  RANDOM_DIRECTION("random_direction", "random direction", null),
  /** A control. */
  LABEL_SHUFFLED("label_shuffled", "probe on shuffled labels", null),
  /** A language model that is asked; there is none here. */
  PROMPT("prompt", "a language model that is asked", 0.929);

  private final String key;
  private final String title;
  private final @Nullable Double paper;

  Detector(String key, String title, @Nullable Double paper) {
    this.key = key;
    this.title = title;
    this.paper = paper;
  }

  /** Its name in documents. */
  public String key() {
    return key;
  }

  /** Its name for people. */
  public String title() {
    return title;
  }

  /** AxBench's mean AUROC, or null where it has none. */
  public @Nullable Double paper() {
    return paper;
  }

  /** Why the paper's figure cannot be held against ours. */
  public @Nullable String whyNotComparable() {
    if (paper == null) {
      return null;
    }
    return switch (this) {
      case SAE -> Published.SETTING + "; its feature was chosen by what a model says of it";
      case BAG_OF_WORDS -> Published.SETTING + "; it counts words";
      case PROMPT -> "not run here: it asks a language model";
      default -> Published.SETTING;
    };
  }
}
