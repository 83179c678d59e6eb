package io.innerspan.djl.testing.app;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import java.nio.file.Path;
import java.util.Arrays;

/** A model of three features on DJL's XGBoost engine; the argument is a folder of models. */
final class XgBoostApp {
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    try (Model model = load(folder, "tabular", "tabular")) {
      predict(model, 0, 1, 0);
      predict(model, 0, 1, 0, 1, 0, 1);
    }
    // Its file has another name, which nobody but the application knows.
    try (Model model = load(folder, "nameless", "tabular")) {
      predict(model, 0, 1, 0);
    }
  }

  private static Model load(Path folder, String name, String file) throws Exception {
    Model model = Model.newInstance(name, Device.cpu(), "XGBoost");
    model.load(folder, file);
    return model;
  }

  private static void predict(Model model, float... features) throws Exception {
    try (NDManager manager = model.getNDManager().newSubManager();
        Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
      Shape shape = new Shape(features.length / 3, 3);
      NDList outputs = predictor.predict(new NDList(manager.create(features, shape)));
      System.out.println(model.getName() + " " + Arrays.toString(outputs.head().toFloatArray()));
    }
  }

  private XgBoostApp() {}
}
