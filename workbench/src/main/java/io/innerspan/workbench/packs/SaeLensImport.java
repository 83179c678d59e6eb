package io.innerspan.workbench.packs;

import io.innerspan.signals.FeatureDictionary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.SaeLensFolder;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.sae.SaePack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A folder that SAELens saved, as a signal of features. */
public final class SaeLensImport {
  /**
   * Reads a folder.
   *
   * @param hookPoint where it reads, or null to take the folder's word
   * @throws BadInput when a file is missing, not right, or asks for what is not computed here
   */
  public static SaeFeatures read(
      Path folder, String id, @Nullable String hookPoint, TokenSelection tokens) {
    if (!Files.isDirectory(folder)) {
      throw BadInput.in(folder, "a folder with cfg.json and sae_weights.safetensors", "none");
    }
    try {
      SaeLensFolder files = SaeLensFolder.read(folder);
      String place = hookPoint == null ? files.hookName() : hookPoint;
      if (place == null) {
        throw BadInput.in(folder, "--hook-point, as cfg.json names none", "none");
      }
      return SaePack.signal(
          id,
          new HookPoint(place),
          tokens,
          files.sae(),
          new FeatureDictionary(files.neuronpedia(), Map.of()));
    } catch (PackException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  private SaeLensImport() {}
}
