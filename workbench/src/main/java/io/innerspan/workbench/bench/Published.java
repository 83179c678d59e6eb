package io.innerspan.workbench.bench;

/** What is said beside published figures. */
public final class Published {
  /** How AxBench differs from what is measured here. */
  static final String SETTING =
      "other models (Gemma 2), other concepts (500, made up by a model), 144 texts to learn each"
          + " from, the greatest score of a token";

  /** Of the table of detectors. */
  public static final String AXBENCH =
      "AxBench's figures (arXiv 2501.17148) stand beside for orientation and are not comparable: "
          + SETTING
          + ". At most the order of the methods is.";

  /** Of the table of autoencoders. */
  public static final String SAEBENCH =
      "SAEBench (arXiv 2503.09532) tells the same quantities of autoencoders of other models, each"
          + " on its own; there is no figure of this model to stand beside. What SCR and TPP would"
          + " say is left out: they are unreliable at their usual settings (arXiv 2605.18229).";

  private Published() {}
}
