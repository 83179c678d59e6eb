package io.innerspan.workbench.packs;

import io.innerspan.signals.safetensors.SafetensorsException;
import io.innerspan.signals.safetensors.SafetensorsFile;
import io.innerspan.signals.safetensors.SafetensorsReader;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import java.nio.file.Path;

/** Safetensors files that users name. */
final class SafetensorsInput {
  /**
   * Reads one.
   *
   * @throws BadInput if it is not there, or is none
   */
  static SafetensorsFile read(Path file) {
    InputFile.existing(file);
    try {
      return SafetensorsReader.read(file);
    } catch (SafetensorsException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  private SafetensorsInput() {}
}
