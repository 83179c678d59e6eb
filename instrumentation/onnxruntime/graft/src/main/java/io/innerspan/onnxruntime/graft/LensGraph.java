package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.SignalRefusal.Reason;
import io.innerspan.signals.LayerLens;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Logit lenses and tuned lenses: the model's own tail, applied to the output of each layer. */
final class LensGraph {
  /** The most logits per row, of all layers together. */
  private static final long MOST_LOGITS = 1L << 24;

  /** The same where the tail computes the logits of all tokens and not of one. */
  private static final long MOST_LOGITS_OF_TOKENS = 1L << 20;

  /** The most weights of translators: an ONNX model must stay below 2 GB. */
  private static final long MOST_WEIGHTS = 1L << 26;

  private final Scope scope;

  LensGraph(Scope scope) {
    this.scope = scope;
  }

  /** Why a lens cannot be compiled, or null. */
  static @Nullable SignalRefusal refusal(Placed placed, Host host) {
    LayerLens lens = (LayerLens) placed.signal();
    Tail tail = host.model().tail();
    if (tail == null) {
      return Host.unsupported(lens, String.valueOf(host.model().tailRefusal()));
    }
    String logits = logits(placed).tensor().name();
    if (!logits.equals(tail.logits().name()) && !logits.equals(tail.output())) {
      return Host.unsupported(lens, "expected the logits " + tail.output() + ", found " + logits);
    }
    SignalRefusal refusal = Host.unsupportedIf(lens, answersRefusal(lens, tail, host.model()));
    for (TapPoint layer : layers(placed)) {
      refusal = refusal != null ? refusal : layerRefusal(lens, layer, placed.tap(), host);
    }
    return refusal == null && tail.scope() == Tail.Scope.TOKENS
        ? OneToken.refusal(lens, lens.position(), placed.tap(), host)
        : refusal;
  }

  private static @Nullable String answersRefusal(LayerLens lens, Tail tail, OnnxModel model) {
    if (tail.classes() < Math.max(2, lens.top())) {
      return "expected at least "
          + Math.max(2, lens.top())
          + " answers, found "
          + tail.logits().shapeText();
    }
    long logits = lens.layers().size() * tail.classes();
    boolean ofTokens = tail.scope() == Tail.Scope.TOKENS && !model.isTailPositionWise();
    long most = ofTokens ? MOST_LOGITS_OF_TOKENS : MOST_LOGITS;
    if (logits > most) {
      return "expected at most " + most + " logits of all layers together, found " + logits;
    }
    List<Dimension> shape = tail.logits().shape();
    boolean one = shape != null && shape.size() == 3 && shape.get(1).size() == 1;
    return tail.scope() == Tail.Scope.SOME_TOKENS && !one
        ? "expected logits of each token or of one, found some: " + tail.logits().shapeText()
        : null;
  }

  private static @Nullable SignalRefusal layerRefusal(
      LayerLens lens, TapPoint layer, TapPoint first, Host host) {
    TensorInfo tensor = layer.tensor();
    if (layer.layout() != TapPoint.Layout.TOKENS || tensor.type() != first.tensor().type()) {
      return Host.unsupported(
          lens,
          "expected outputs of layers, [batch, tokens, width] of one type, found "
              + layer.hookPoint()
              + ": "
              + tensor.type()
              + " "
              + tensor.shapeText());
    }
    if (lens.translators().isEmpty()) {
      return host.activationRefusal(lens, layer, first.tensor().width());
    }
    for (LayerLens.Translator translator : lens.translators()) {
      long width = translator.bias().size();
      if (width != lens.translators().get(0).bias().size()) {
        return new SignalRefusal(
            Reason.UNSUPPORTED, lens.hookPoint() + ": translators of more than one width");
      }
      if (width * width * lens.layers().size() > MOST_WEIGHTS) {
        return Host.unsupported(
            lens,
            "expected translators of at most "
                + MOST_WEIGHTS
                + " weights together, found "
                + lens.layers().size()
                + " of width "
                + width);
      }
    }
    return host.activationRefusal(lens, layer, lens.translators().get(0).bias().size());
  }

  /** The columns of a lens, float {@code [batch, columns]}. */
  String values(Placed placed) {
    LayerLens lens = (LayerLens) placed.signal();
    OnnxModel model = scope.host().model();
    Tail tail = Objects.requireNonNull(model.tail());
    OneToken token =
        tail.scope() == Tail.Scope.TOKENS ? new OneToken(scope, placed, lens.position()) : null;
    LensTail at = new LensTail(scope.graph(), tail, model.isTailPositionWise(), token);
    List<String> outputs = layers(placed).stream().map(layer -> layer.tensor().name()).toList();
    String own = at.ownLogits();
    String logits = at.logits(lens, outputs, placed.tap().tensor().type(), own);
    String columns = new LensColumns(scope.graph()).of(logits, own, tail.classes(), lens.top());
    return token == null ? columns : token.orNone(columns);
  }

  private static List<TapPoint> layers(Placed placed) {
    return placed.taps().subList(0, placed.taps().size() - 1);
  }

  private static TapPoint logits(Placed placed) {
    return placed.taps().get(placed.taps().size() - 1);
  }
}
