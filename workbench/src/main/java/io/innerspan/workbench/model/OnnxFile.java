package io.innerspan.workbench.model;

import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Tells models of DJL, which some commands do not take, from ONNX models. */
public final class OnnxFile {
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final String HINT =
      " (models of DJL: 'capture' and 'train' take them, with --engine djl)";

  /**
   * The same path, when a file is there that may be an ONNX model.
   *
   * @throws BadInput when nothing is there, a folder or a TorchScript archive
   */
  public static Path existing(Path file) {
    if (Files.isDirectory(file)) {
      throw BadInput.in(file, "an ONNX model", "a directory" + HINT);
    }
    InputFile.existing(file);
    try (InputStream in = Files.newInputStream(file)) {
      if (Arrays.equals(in.readNBytes(ZIP.length), ZIP)) {
        throw BadInput.in(file, "an ONNX model", "a zip, as TorchScript archives are" + HINT);
      }
    } catch (IOException e) {
      throw BadInput.in(file, "a readable file", String.valueOf(e));
    }
    return file;
  }

  private OnnxFile() {}
}
