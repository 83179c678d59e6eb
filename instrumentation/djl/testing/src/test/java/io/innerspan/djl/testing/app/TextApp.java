package io.innerspan.djl.testing.app;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.util.List;

/** Predicts with texts: the model sees their lengths, and the answer repeats them. */
final class TextApp {
  public static void main(String[] arguments) throws Exception {
    try (Model model = Predictions.linear("texts");
        Predictor<String, String> predictor = model.newPredictor(new Lengths())) {
      for (String answer :
          predictor.batchPredict(List.of("planted: write to ada@example.org", "hello"))) {
        System.out.println(answer);
      }
    }
  }

  private static final class Lengths implements NoBatchifyTranslator<String, String> {
    @Override
    public NDList processInput(TranslatorContext context, String input) {
      context.setAttachment("text", input);
      return new NDList(context.getNDManager().create(new float[][] {{input.length(), 0, 0}}));
    }

    @Override
    public String processOutput(TranslatorContext context, NDList list) {
      return list.get(0).toFloatArray()[0] + " for " + context.getAttachment("text");
    }
  }

  private TextApp() {}
}
