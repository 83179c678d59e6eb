package io.innerspan.djl.testing.app;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Loads a model from a folder, predicts once and waits for a line, then does so again until there
 * is none. Arguments: the engine, the folder, the model's name.
 */
final class TokenizerApp {
  public static void main(String[] arguments) throws Exception {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    do {
      try (Model model = Model.newInstance(arguments[2], Device.cpu(), arguments[0])) {
        model.load(Path.of(arguments[1]), arguments[2]);
        if (arguments[0].equals("PyTorch")) {
          Tokens.predict(model, 2, 3);
        } else {
          predict(model);
        }
        System.out.println("predicted");
        line = input.readLine();
      }
    } while (line != null);
  }

  private static void predict(Model model) throws Exception {
    try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator());
        NDManager manager = model.getNDManager().newSubManager()) {
      NDArray ids = row(manager, "input_ids", 101, 7592, 102);
      NDArray mask = row(manager, "attention_mask", 1, 1, 1);
      NDArray types = row(manager, "token_type_ids", 0, 0, 0);
      predictor.predict(new NDList(ids, mask, types)).close();
    }
  }

  private static NDArray row(NDManager manager, String name, long... values) {
    NDArray row = manager.create(values, new Shape(1, values.length));
    row.setName(name);
    return row;
  }

  private TokenizerApp() {}
}
