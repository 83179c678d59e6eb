package io.innerspan.workbench.sae;

import io.innerspan.signals.SaeFeatures;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a model loses by reconstructions of its held-out texts. */
final class HeldOutLoss {
  private final SaeFeatures signal;
  private final SaeEvaluator.Questions questions;
  private final @Nullable OnnxTextModel model;
  private final HeldOut side;
  private final Progress progress;
  private final List<TokenIds> texts = new ArrayList<>();

  /**
   * @param signal whose place and tokens are reconstructed
   * @param model or null for no answers
   */
  HeldOutLoss(
      SaeFeatures signal,
      SaeEvaluator.Questions questions,
      @Nullable OnnxTextModel model,
      HeldOut side,
      Progress progress) {
    this.signal = signal;
    this.questions = questions;
    this.model = model;
    this.side = side;
    this.progress = progress;
    if (questions.tokenizer() != null) {
      for (String text : side.texts()) {
        TokenIds ids = questions.tokenizer().encode(text);
        if (ids.length() > 0) {
          texts.add(ids);
        }
        if (texts.size() == questions.lossTexts()) {
          return;
        }
      }
    }
  }

  /**
   * What is lost, or null without a model or texts.
   *
   * @param reconstruct activations {@code [n, width]}
   */
  @Nullable LossRecovered of(UnaryOperator<float[]> reconstruct) {
    if (model == null || texts.isEmpty()) {
      return null;
    }
    return LossRecovered.of(
        model,
        signal.hookPoint(),
        questions.output(),
        questions.measure(),
        reconstruct,
        Scaling.of(side.training()).mean(),
        signal.tokens(),
        texts,
        progress.count("texts with reconstructions", texts.size()));
  }
}
