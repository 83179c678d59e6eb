package io.innerspan.djl.testing.app;

import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;

/** Sequences of vectors, stacked, to vectors. */
final class TokensTranslator implements Translator<float[][], float[]> {
  @Override
  public Batchifier getBatchifier() {
    return Batchifier.STACK;
  }

  @Override
  public NDList processInput(TranslatorContext context, float[][] input) {
    return new NDList(context.getNDManager().create(input));
  }

  @Override
  public float[] processOutput(TranslatorContext context, NDList list) {
    return list.singletonOrThrow().toFloatArray();
  }
}
