package io.opentelemetry.javaagent.innerspan.bridge;

import java.io.IOException;
import java.nio.file.Path;

/** Told of a model's inferences that may be explained. Thread-safe. */
public interface ExplainedInferences {
  /** Whether the inference that this thread has just made is to be explained. */
  boolean isSampled();

  /** The inference that this thread has just made is to be explained later. */
  void explain(SaliencyWork work);

  /** The inference that this thread has just made was to be explained, and is not. */
  void notExplained(SaliencyMissingException missing);

  /**
   * How a model can start at the embeddings of its tokens. Asked for in the thread that explains.
   *
   * @param model its file
   * @param ids the input of token ids
   * @throws SaliencyMissingException when it cannot
   * @throws IOException when the file cannot be read
   */
  default TokenEmbedding embedding(Path model, String ids)
      throws SaliencyMissingException, IOException {
    throw new SaliencyMissingException(
        SaliencyMissingException.Reason.UNSUPPORTED, "expected a model of ONNX");
  }

  /** Tokens are explained by occlusion, whatever was asked for; the reason is said once. */
  default void occluded(String reason) {}
}
