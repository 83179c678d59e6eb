package io.innerspan.djl.testing.app;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.NoopTranslator;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Loads a model from a folder and predicts once, and anew for every line that it reads. Arguments:
 * the engine, the folder, the model's name.
 */
final class TokenizerApp {
  public static void main(String[] arguments) throws Exception {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    do {
      try (Model model = Model.newInstance(arguments[2], Device.cpu(), arguments[0])) {
        model.load(Path.of(arguments[1]), arguments[2]);
        if (arguments[0].equals("PyTorch")) {
          Tokens.predict(model, 2, 3);
        } else {
          predict(model);
        }
        System.out.println("predicted");
      }
    } while (input.readLine() != null);
  }

  private static void predict(Model model) throws Exception {
    try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator());
        NDManager manager = model.getNDManager().newSubManager()) {
      NDArray ids = manager.create(new long[][] {{3, 1, 4}});
      ids.setName("input_ids");
      NDArray mask = manager.create(new long[][] {{1, 1, 1}});
      mask.setName("attention_mask");
      predictor.predict(new NDList(ids, mask)).close();
    }
  }

  private TokenizerApp() {}
}
