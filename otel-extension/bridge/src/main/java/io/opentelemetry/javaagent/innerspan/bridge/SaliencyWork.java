package io.opentelemetry.javaagent.innerspan.bridge;

/** An inference that waits to be explained, with a copy of its inputs. */
public interface SaliencyWork {
  /** The bytes that it holds. */
  long bytes();

  /**
   * Explains the inference, in a thread that no request waits for. Whatever else it throws is a
   * failure.
   *
   * @param method the one that is wanted; {@link Saliency#method} tells which it was: {@code
   *     integrated_gradients}, {@code gradient_times_input} or {@code occlusion}
   * @param baseline {@code zero}, {@code mean} or {@code padding}
   * @param memory what a copy of the model may take
   */
  Saliency explain(String method, String baseline, SaliencyMemory memory)
      throws SaliencyMissingException, Exception;
}
