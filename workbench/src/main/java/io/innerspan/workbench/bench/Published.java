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

  /** How SAEBench's probing differs from what is measured here. */
  static final String OTHER_PROBING =
      "accuracy and not AUROC; another model; professions told from biographies (bias in bios), 4000"
          + " texts to learn each from";

  /** How SAEBench's reconstruction differs from what is measured here. */
  static final String OTHER_LOSS =
      "another model; web text; the loss is the next token's cross-entropy, recovered from zeros and"
          + " not from the mean";

  /** Of the table of autoencoders. */
  public static final String SAEBENCH =
      "SAEBench's figures (arXiv 2503.09532; example results of its authors, in the repository"
          + " adamkarvonen/SAE_Bench_Template) stand beside for orientation and are not comparable."
          + " Probing: "
          + OTHER_PROBING
          + ". Reconstruction: "
          + OTHER_LOSS
          + ". What SCR and TPP would say is left out: they are unreliable at their usual settings"
          + " (arXiv 2605.18229).";

  private Published() {}
}
