package io.innerspan.benchmarks;

/**
 * One way of opening one model.
 *
 * @param model the model
 * @param mode {@code path}, {@code bytes} or {@code buffer}: what the application hands over
 * @param probes in the pack
 * @param onnxRuntime the version of ONNX Runtime
 * @param rounds how often it is measured with and without
 */
record CreationCase(GeneratedModel model, String mode, int probes, String onnxRuntime, int rounds) {
  @Override
  public String toString() {
    return model.megabytes() + " MB by " + mode + ", " + probes + " probes, " + onnxRuntime;
  }
}
