package io.innerspan.djl.testing.app;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** A model of three features. The arguments: what DJL calls the engine, and a folder of models. */
final class TabularApp {
  public static void main(String[] arguments) throws Exception {
    String engine = arguments[0];
    Path folder = Path.of(arguments[1]);
    try (Model model = load(engine, folder, "tabular")) {
      predict(model, 0, 1, 0);
      predict(model, 0, 1, 0, 1, 0, 1);
    }
    // Its file has another name, which nobody but the application knows.
    try (Model model = load(engine, folder, "nameless")) {
      predict(model, 0, 1, 0);
    }
  }

  private static Model load(String engine, Path folder, String name) throws Exception {
    Model model = Model.newInstance(name, Device.cpu(), engine);
    model.load(folder, "tabular");
    return model;
  }

  private static void predict(Model model, float... features) throws Exception {
    try (NDManager manager = model.getNDManager().newSubManager();
        Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
      Shape shape = new Shape(features.length / 3, 3);
      NDList outputs = predictor.predict(new NDList(manager.create(features, shape)));
      System.out.println(model.getName() + " " + Arrays.toString(floats(outputs.head())));
    }
  }

  /** Not by {@code toFloatArray}, which arrays of LightGBM do not have since DJL 0.28. */
  private static float[] floats(NDArray array) {
    FloatBuffer buffer = array.toByteBuffer().asFloatBuffer();
    float[] floats = new float[buffer.remaining()];
    buffer.get(floats);
    return floats;
  }

  private TabularApp() {}
}
