package io.innerspan.djl.testing.app;

import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import org.jspecify.annotations.Nullable;

/** Vectors to vectors. */
class FloatsTranslator implements Translator<float[], float[]> {
  private final @Nullable Batchifier batchifier;

  /**
   * @param batchifier what makes one tensor of several inputs; null to run them one by one
   */
  FloatsTranslator(@Nullable Batchifier batchifier) {
    this.batchifier = batchifier;
  }

  @Override
  public @Nullable Batchifier getBatchifier() {
    return batchifier;
  }

  @Override
  public NDList processInput(TranslatorContext context, float[] input) throws Exception {
    return new NDList(context.getNDManager().create(input));
  }

  @Override
  public float[] processOutput(TranslatorContext context, NDList list) throws Exception {
    return list.singletonOrThrow().toFloatArray();
  }
}
