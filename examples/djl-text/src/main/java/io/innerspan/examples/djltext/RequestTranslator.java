package io.innerspan.examples.djltext;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.util.List;

/** Texts to token ids, and logits to labels. */
final class RequestTranslator implements Translator<String, Classifications> {
  private static final List<String> LABELS = List.of("ordinary", "prompt_injection");

  private final HuggingFaceTokenizer tokenizer;

  RequestTranslator(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public Batchifier getBatchifier() {
    return Batchifier.STACK;
  }

  @Override
  public NDList processInput(TranslatorContext context, String text) {
    Encoding encoding = tokenizer.encode(text);
    NDManager manager = context.getNDManager();
    return new NDList(
        manager.create(encoding.getIds()), manager.create(encoding.getAttentionMask()));
  }

  @Override
  public Classifications processOutput(TranslatorContext context, NDList outputs) {
    return new Classifications(LABELS, outputs.singletonOrThrow().softmax(0));
  }
}
