package io.opentelemetry.javaagent.innerspan.bridge;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One opened model, from planning to closing. Thread-safe; no method throws. */
public interface ObservedModel {
  /** The overlay to append to the model's bytes, or null when this model is not grafted. */
  @Nullable GraftOverlay overlay();

  /**
   * The model without its large weights, to be opened beside the model's file, which it refers to;
   * null when the whole model is to be copied. Asked for once, and only for models in files.
   */
  default byte @Nullable [] skeleton() {
    return null;
  }

  /**
   * Compiles the overlay again without some taps. From now on readings are laid out by the result.
   *
   * @param droppedTaps taps of {@link GraftOverlay#taps()}, each with the reason already given to
   *     {@link #tapDropped}
   * @return null when no signal is left
   */
  @Nullable GraftOverlay overlayWithout(Set<String> droppedTaps);

  /** A tap is not used, for a reason that is logged and counted. */
  void tapDropped(String tap, Refusal refusal);

  /** The engine has opened the model, which has no overlay. */
  default void opened() {}

  /** The model runs ungrafted from now on, for a reason that is logged and counted. */
  void notGrafted(Refusal refusal);

  /**
   * The SHA-256 of the whole model as the engine loaded it, in lowercase hexadecimal. Packs for
   * another digest give no reading.
   */
  void digest(String sha256);

  /**
   * The digest of the model for which {@link #overlay} was certified beforehand under the
   * circumstances of this opening, its golden inputs too; null when it was not. With a model of
   * this digest nothing is certified again: {@link #certified} and {@link #answering} follow at
   * once.
   */
  default @Nullable String certifiedDigest() {
    return null;
  }

  /** The model inputs that packs brought to prove themselves with; empty without packs. */
  List<ModelInput> goldenInputs();

  /**
   * What the live session read for a golden input with all gates open; a pack that disagrees is
   * refused.
   *
   * @param index the index in {@link #goldenInputs()}
   * @param reading {@code rows × columns} values of the reading output, row by row
   * @param rows the number of rows
   */
  void goldenReading(int index, float[] reading, int rows);

  /**
   * The live session does not take a golden input: its pack is refused.
   *
   * @param index the index in {@link #goldenInputs()}
   * @param detail what the engine says
   */
  void goldenFailed(int index, String detail);

  /**
   * With these inputs the grafted model gave the original's bits, gates open and closed. Told
   * before {@link #certified}.
   */
  default void compared(List<ModelInput> inputs) {}

  /** The graft is certified and every golden input was read: readings are about to begin. */
  void certified();

  /** From now on each inference is answered by the grafted model. */
  void answering();

  /**
   * The session that answers from now on. To be held weakly: an application may forget its session
   * without closing it.
   */
  default void live(LiveModel live) {}

  /** Where the model's inputs tell the number of cached tokens; null when it has no such cache. */
  default @Nullable CacheInput cacheInput() {
    return null;
  }

  /**
   * What the sizes of the model's inputs mean, by input: each a number, {@code batch}, {@code
   * tokens}, {@code past} (cached tokens), {@code memory} (tokens of another model), or the sum of
   * two, as {@code past+tokens}. Inputs of unknown shape are not among them.
   */
  default Map<String, List<String>> inputSizes() {
    return Map.of();
  }

  /**
   * An inference begins in this thread: its span becomes current until {@link Inference#end}.
   *
   * @param batchSize the rows of the batch, or negative when that is unknown
   * @param elements the elements of the first input, such as rows × tokens, by which inferences of
   *     one model are comparable
   * @param cachedTokens how many tokens {@link #cacheInput} counts, or negative without one
   */
  Inference start(long batchSize, long elements, long cachedTokens);

  /** Where inferences that may be explained are told; null where none is. */
  default @Nullable ExplainedInferences saliency() {
    return null;
  }

  /** The application closed the model. */
  void closed();
}
