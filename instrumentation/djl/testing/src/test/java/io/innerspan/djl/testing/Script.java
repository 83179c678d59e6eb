package io.innerspan.djl.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A TorchScript archive of a module without weights, which doubles its input. */
final class Script {
  private static final String CODE =
      """
      class Doubler(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Doubler,
          x: Tensor) -> Tensor:
          return torch.mul(x, 2)
      """;

  /** A pickle of {@code Doubler} with {@code training = False}. */
  private static final String MODULE =
      "\u0080\2c__torch__\nDoubler\n)\u0081}(X\b\0\0\0training\u0089ub.";

  private static final String NO_CONSTANTS = "\u0080\2).";

  static Path write(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      add(zip, "data.pkl", MODULE);
      add(zip, "code/__torch__.py", CODE);
      add(zip, "constants.pkl", NO_CONSTANTS);
      add(zip, "version", "3\n");
    }
    return file;
  }

  private static void add(ZipOutputStream zip, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    ZipEntry entry = new ZipEntry("doubler/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  private Script() {}
}
