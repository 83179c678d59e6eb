package io.innerspan.workbench.model;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Probe;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Progress;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A text model whose activations can be read, on whatever engine. */
public interface TextModel {
  /** The SHA-256 of its content, by which packs are found. */
  String sha256();

  /** The digest of what it computes whatever its weights are, or null where there is none. */
  @Nullable String structureDigest();

  /**
   * The output of every layer where signals may be computed, in order.
   *
   * @throws BadInput when there is none
   */
  List<HookPoint> layerOutputs();

  /**
   * The places of one kind, one in each layer that has it, in order.
   *
   * @throws BadInput when there is none
   */
  default List<HookPoint> places(LayerSite site) {
    if (site != LayerSite.RESID_POST) {
      throw new BadInput("--site: expected resid_post for this model, found " + site);
    }
    return layerOutputs();
  }

  /** Receives what the model holds inside for one text. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Called once per text, in no particular order.
     *
     * @param text the text's index
     * @param activations by hook point, {@code [tokens][width]}, without padding
     */
    void visit(int text, List<float[][]> activations) throws IOException;
  }

  /**
   * Runs texts through the model, batched by length, and shows the visitor their activations, one
   * text after the other. A few batches are held at a time.
   *
   * @throws BadInput when a hook point is not in the model or may not be read
   */
  void visit(
      List<TokenIds> texts, List<HookPoint> hookPoints, Progress.Counter progress, Visitor visitor)
      throws IOException;

  /**
   * What a live model with the probe in it reads for batches.
   *
   * @return by batch, the raw logit by row
   * @throws BadInput when the probe cannot be put into this model
   */
  List<float[]> readings(Probe probe, List<List<TokenIds>> batches) throws IOException;

  /** The inputs of one batch as the model takes them, padded on the right. */
  Map<String, Tensor> inputs(List<TokenIds> batch);

  /**
   * What the model itself answers to the probe's question, as a logit by text; null for a model
   * that answers something else.
   */
  default double @Nullable [] answers(List<TokenIds> texts) throws IOException {
    return null;
  }

  /**
   * What the model's own logits give away of each text (confidence, margin, entropy, and the log
   * probabilities of few classes), {@code [texts][features]}; null for a model that says none.
   */
  default float @Nullable [][] outputFeatures(List<TokenIds> texts) throws IOException {
    return null;
  }
}
