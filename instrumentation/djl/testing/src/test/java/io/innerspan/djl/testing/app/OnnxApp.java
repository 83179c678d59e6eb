package io.innerspan.djl.testing.app;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** MiniLM through DJL's ONNX Runtime engine and, beside it, through ONNX Runtime itself. */
final class OnnxApp {
  private static final long[][] IDS = {{101, 2129, 2079, 1045, 25141, 102}};
  private static final long[][] OTHER_IDS = {{101, 2017, 102, 0}, {101, 8568, 3025, 102}};

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    try (Model model = Model.newInstance("minilm-in-djl", "OnnxRuntime")) {
      model.load(file);
      OrtEnvironment environment = OrtEnvironment.getEnvironment(); // DJL wants to be the first.
      try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator());
          OrtSession session = environment.createSession(file.toString())) {
        System.out.println("open");
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        predict(model, predictor, List.<long[][]>of(IDS));
        predict(model, predictor, List.of(IDS, OTHER_IDS));
        run(environment, session);
        try (NDManager manager = model.getNDManager().newSubManager()) {
          predictor.predict(new NDList(manager.create(1L)));
        } catch (TranslateException e) {
          System.out.println(e.getCause().getClass().getName());
        }
      }
    }
  }

  private static void predict(
      Model model, Predictor<NDList, NDList> predictor, List<long[][]> batches)
      throws TranslateException {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      List<NDList> outputs =
          predictor.batchPredict(batches.stream().map(ids -> inputs(manager, ids)).toList());
      for (NDList output : outputs) {
        System.out.println(
            output.size() + " " + Arrays.hashCode(output.singletonOrThrow().toFloatArray()));
        output.close();
      }
    }
  }

  private static NDList inputs(NDManager manager, long[][] ids) {
    NDArray tokens = rows(manager, ids);
    tokens.setName("input_ids");
    NDArray mask = rows(manager, mask(ids));
    mask.setName("attention_mask");
    NDArray types = rows(manager, new long[ids.length][ids[0].length]);
    types.setName("token_type_ids");
    return new NDList(tokens, mask, types);
  }

  private static NDArray rows(NDManager manager, long[][] rows) {
    long[] flat = Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
    return manager.create(flat, new ai.djl.ndarray.types.Shape(rows.length, rows[0].length));
  }

  private static long[][] mask(long[][] ids) {
    return Arrays.stream(ids)
        .map(row -> Arrays.stream(row).map(id -> id == 0 ? 0 : 1).toArray())
        .toArray(long[][]::new);
  }

  private static void run(OrtEnvironment environment, OrtSession session) throws Exception {
    try (OnnxTensor ids = OnnxTensor.createTensor(environment, IDS);
        OnnxTensor mask = OnnxTensor.createTensor(environment, mask(IDS));
        OnnxTensor types = OnnxTensor.createTensor(environment, new long[1][IDS[0].length]);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
      float[][][] output = (float[][][]) result.get(0).getValue();
      System.out.println(output.length + " " + output[0].length);
    }
  }

  private OnnxApp() {}
}
