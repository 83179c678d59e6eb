package io.innerspan.djl.testing.app;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import java.nio.file.Path;
import java.util.Arrays;

/** A text classifier on DJL's Rust engine. The arguments: its folder, and first tokens. */
final class RustApp {
  private static final long OTHER = 4;

  public static void main(String[] arguments) throws Exception {
    try (Model model = Model.newInstance("text", Device.cpu(), "Rust")) {
      model.load(Path.of(arguments[0]));
      for (int i = 1; i < arguments.length; i++) {
        predict(model, Long.parseLong(arguments[i]), OTHER, OTHER);
      }
    }
  }

  private static void predict(Model model, long... ids) throws Exception {
    try (NDManager manager = model.getNDManager().newSubManager();
        Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
      Shape shape = new Shape(1, ids.length);
      long[] mask = new long[ids.length];
      Arrays.fill(mask, 1);
      NDList outputs =
          predictor.predict(
              new NDList(
                  manager.create(ids, shape),
                  manager.create(mask, shape),
                  manager.create(new long[ids.length], shape)));
      float[] logits = outputs.head().toType(DataType.FLOAT32, true).toFloatArray();
      System.out.println(outputs.head().getDataType() + " " + Arrays.toString(logits));
    }
  }

  private RustApp() {}
}
