package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.LayerLens;
import io.innerspan.signals.LayerLens.Translator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The model's tail at work on the outputs of layers.
 *
 * <p>A tail that treats positions one by one is applied once, to the one position of all layers
 * that is looked at: that is one product with the unembedding for all layers and rows. Any other is
 * applied to each layer's whole output.
 *
 * <p>What the last layer would answer is what the model answers, and nothing is computed anew: to
 * read the last sum of a pre-LN model would undo a fusion.
 */
final class LensTail {
  private final OverlayGraph graph;
  private final Tail tail;
  private final boolean positionWise;
  private final @Nullable OneToken token;

  /**
   * @param positionWise whether the tail treats positions one by one
   * @param token whose logits are looked at, or null where there are no logits per token
   */
  LensTail(OverlayGraph graph, Tail tail, boolean positionWise, @Nullable OneToken token) {
    this.graph = graph;
    this.tail = tail;
    this.positionWise = positionWise;
    this.token = token;
  }

  /** The model's own logits, float {@code [batch, answers]}. */
  String ownLogits() {
    return ofRows(tail.logits().name());
  }

  /**
   * What each layer would answer.
   *
   * @param outputs of the layers, {@code [batch, tokens, width]}
   * @param type of the outputs
   * @param own the model's own logits, float {@code [batch, answers]}
   * @return float {@code [layers, batch, answers]}
   */
  String logits(LayerLens lens, List<String> outputs, ElementType type, String own) {
    TunedLens tuned = new TunedLens(graph, type);
    List<Translator> translators = lens.translators();
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (from < outputs.size()) {
      if (isLast(lens, from, outputs)) {
        parts.add(graph.unsqueeze(own, 0));
        from++;
        continue;
      }
      int to = from + 1;
      while (positionWise && to < outputs.size() && !isLast(lens, to, outputs)) {
        to++;
      }
      List<Translator> some = translators.isEmpty() ? List.of() : translators.subList(from, to);
      parts.add(
          positionWise
              ? single(graph.copy(tail, tuned.translate(picked(outputs.subList(from, to)), some)))
              : whole(tuned.translate(outputs.get(from), some)));
      from = to;
    }
    return graph.concat(parts, 0);
  }

  private boolean isLast(LayerLens lens, int layer, List<String> outputs) {
    return outputs.get(layer).equals(tail.start())
        && (lens.translators().isEmpty() || TunedLens.isIdentity(lens.translators().get(layer)));
  }

  /** The outputs of some layers at the position: {@code [layers, batch, width]}. */
  private String picked(List<String> outputs) {
    OneToken at = Objects.requireNonNull(token);
    return graph.concat(
        outputs.stream().map(output -> graph.unsqueeze(at.of(output), 0)).toList(), 0);
  }

  private String whole(String output) {
    // Under a name of its own, which copies nothing: the next layer may begin with the same nodes
    // as the tail, and shares them otherwise, so that its own normalisation is not fused.
    String renamed = graph.squeeze(graph.unsqueeze(output, 0), 0);
    return graph.unsqueeze(ofRows(graph.copy(tail, renamed)), 0);
  }

  private String ofRows(String logits) {
    return single(
        switch (tail.scope()) {
          case TOKENS -> Objects.requireNonNull(token).of(logits);
          case SOME_TOKENS -> graph.squeeze(logits, 1);
          case ROWS -> logits;
        });
  }

  private String single(String tensor) {
    return tail.logits().type() == ElementType.FLOAT
        ? tensor
        : graph.cast(tensor, ElementType.FLOAT);
  }
}
