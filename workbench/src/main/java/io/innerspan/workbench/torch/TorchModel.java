package io.innerspan.workbench.torch;

import ai.djl.Model;
import io.innerspan.djl.block.BlockDigest;
import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.model.BatchModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model on DJL's PyTorch engine. */
public interface TorchModel extends BatchModel {
  /**
   * Opens a TorchScript archive, or a folder with a model whose blocks are defined in Java.
   *
   * @param model the file or folder
   * @param hookPoints where to read
   * @param inputNames of a folder's model, the names of its inputs in their order; empty for those
   *     that it has itself
   * @throws BadInput when it is none, has no such hook points, or the engine is not there
   */
  static TorchModel open(Path model, List<HookPoint> hookPoints, List<String> inputNames)
      throws IOException {
    if (Files.isDirectory(model)) {
      return BlockBatchModel.open(model, hookPoints, inputNames);
    }
    if (!inputNames.isEmpty()) {
      throw new BadInput("--input-names: expected it for a folder with a model, found a file");
    }
    return ScriptBatchModel.open(model, hookPoints);
  }

  /**
   * The digest of a model by which packs for it are found, SHA-256 in lowercase hexadecimal.
   *
   * @throws BadInput when there is no such model or, for a folder, no engine
   */
  static String sha256(Path model) throws IOException {
    if (!Files.isDirectory(model)) {
      return Digests.sha256(InputFile.existing(model));
    }
    TorchEngine.require();
    try (Model loaded = BlockFolder.load(model)) {
      return BlockDigest.of(loaded.getBlock());
    }
  }

  /** The digest by which packs for the model are found, SHA-256 in lowercase hexadecimal. */
  String sha256() throws IOException;

  /** The digest of the model's code or form, without weights. */
  String structureDigest() throws IOException;

  /** The input that takes token ids, or null. */
  @Nullable String ids();
}
