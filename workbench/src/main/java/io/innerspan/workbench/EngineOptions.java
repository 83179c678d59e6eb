package io.innerspan.workbench;

import io.innerspan.workbench.data.BadInput;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which engine runs the model: for {@code train} and {@code capture}, which know DJL too. */
final class EngineOptions {
  /** What runs the model. */
  enum EngineName {
    ONNXRUNTIME,
    DJL
  }

  @Option(
      names = "--engine",
      paramLabel = "E",
      description =
          "onnxruntime, or djl for a TorchScript archive, or a folder with a model whose blocks are"
              + " defined in Java, on DJL's PyTorch, whose jars must be there: see"
              + " docs/activation-store.md (default: onnxruntime, or with 'train --store' what the"
              + " store was captured with).")
  @Nullable EngineName name;

  @Option(
      names = "--input-names",
      split = ",",
      paramLabel = "N",
      description =
          "Of a folder with --engine djl: the names of the model's inputs in their order, where it"
              + " was saved without them: input_ids,attention_mask.")
  List<String> inputNames = List.of();

  /**
   * Whether DJL runs the model.
   *
   * @param byDefault where that is not said
   * @throws BadInput when it does not, and there are names of inputs
   */
  boolean djl(boolean byDefault) {
    boolean djl = name == null ? byDefault : name == EngineName.DJL;
    if (!djl && !inputNames.isEmpty()) {
      throw new BadInput("--input-names: expected it with --engine djl only");
    }
    return djl;
  }
}
