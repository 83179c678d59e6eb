package io.innerspan.benchmarks;

import io.innerspan.benchmarks.application.DjlModels;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A kind of model that DJL predicts with. */
enum DjlEngine {
  /** Four encoder layers that are defined in Java, on PyTorch. */
  BLOCKS("blocks", "PyTorch", DjlModels.BLOCKS),
  /** The same layers with the same weights, as TorchScript. */
  SCRIPT("torchscript", "PyTorch", DjlModels.SCRIPT),
  /** all-MiniLM-L6-v2 on DJL's ONNX Runtime engine. */
  ONNX("onnxruntime", "OnnxRuntime", ".onnx");

  private final String label;
  private final String engine;
  private final String file;

  DjlEngine(String label, String engine, String file) {
    this.label = label;
    this.engine = engine;
    this.file = file;
  }

  /** Those of a name, or all without one. */
  static Set<DjlEngine> of(@Nullable String label) {
    EnumSet<DjlEngine> engines = EnumSet.allOf(DjlEngine.class);
    engines.removeIf(engine -> label != null && !engine.label.equals(label));
    return engines;
  }

  String label() {
    return label;
  }

  /** What DJL calls the engine. */
  String engine() {
    return engine;
  }

  boolean isPyTorch() {
    return this != ONNX;
  }

  /** The file of a model's name: DJL calls a model of one file by the file's name. */
  String file(String model) {
    return this == BLOCKS ? file : model + file;
  }
}
