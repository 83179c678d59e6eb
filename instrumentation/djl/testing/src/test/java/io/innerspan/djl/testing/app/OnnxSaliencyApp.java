package io.innerspan.djl.testing.app;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.NoopTranslator;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * A classifier of tokens through DJL's ONNX Runtime engine, and one of numbers and another of
 * tokens on sessions. Arguments: their files. Reads a line before it closes them.
 */
final class OnnxSaliencyApp {
  private static final long[][] IDS = {{1, 7, 3, 3, 9}};
  private static final long[][] MASK = {{1, 1, 1, 1, 1}};
  private static final float[][] NUMBERS = {{1, -1, 0.5f, 2, 0, -0.5f, 1.5f, 1}};

  public static void main(String[] arguments) throws Exception {
    try (Model model = Model.newInstance("tokens", "OnnxRuntime")) {
      model.load(Path.of(arguments[0]));
      OrtEnvironment environment = OrtEnvironment.getEnvironment(); // DJL wants to be the first.
      try (OrtSession numbers = environment.createSession(arguments[1]);
          OrtSession tokens = environment.createSession(arguments[2])) {
        predict(model);
        runNumbers(environment, numbers);
        runTokens(environment, tokens);
        System.out.println("done");
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      }
    }
  }

  private static void predict(Model model) throws Exception {
    try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator());
        NDManager manager = model.getNDManager().newSubManager()) {
      NDArray ids = manager.create(IDS);
      ids.setName("input_ids");
      NDArray mask = manager.create(MASK);
      mask.setName("attention_mask");
      NDList output = predictor.predict(new NDList(ids, mask));
      System.out.println(Arrays.toString(output.head().toFloatArray()));
    }
  }

  private static void runNumbers(OrtEnvironment environment, OrtSession session) throws Exception {
    try (OnnxTensor numbers = OnnxTensor.createTensor(environment, NUMBERS);
        OrtSession.Result result = session.run(Map.of("features", numbers))) {
      System.out.println(Arrays.deepToString((float[][]) result.get(0).getValue()));
    }
  }

  private static void runTokens(OrtEnvironment environment, OrtSession session) throws Exception {
    try (OnnxTensor ids = OnnxTensor.createTensor(environment, IDS);
        OnnxTensor mask = OnnxTensor.createTensor(environment, MASK);
        OrtSession.Result result = session.run(Map.of("input_ids", ids, "attention_mask", mask))) {
      System.out.println(Arrays.deepToString((float[][]) result.get(0).getValue()));
    }
  }

  private OnnxSaliencyApp() {}
}
