package io.innerspan.benchmarks.application;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;

/** Tokens to what a model takes, and the numbers of its first output. */
final class RowsTranslator implements NoBatchifyTranslator<TokenRows, float[]> {
  private static final String ONNX_RUNTIME = "OnnxRuntime";

  @Override
  public NDList processInput(TranslatorContext context, TokenRows rows) {
    NDManager manager = context.getNDManager();
    Shape shape = new Shape(rows.batch(), rows.sequence());
    NDArray ids = manager.create(rows.ids(), shape);
    NDArray mask = manager.create(rows.all(1), shape);
    if (!manager.getEngine().getEngineName().equals(ONNX_RUNTIME)) {
      return new NDList(ids, mask);
    }
    NDArray types = manager.create(rows.all(0), shape);
    ids.setName("input_ids");
    mask.setName("attention_mask");
    types.setName("token_type_ids");
    return new NDList(ids, mask, types);
  }

  @Override
  public float[] processOutput(TranslatorContext context, NDList outputs) {
    return outputs.get(0).toFloatArray();
  }
}
