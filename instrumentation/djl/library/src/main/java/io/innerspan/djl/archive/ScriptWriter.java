package io.innerspan.djl.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes TorchScript archives from code and trees of modules, without PyTorch. */
public final class ScriptWriter {
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};
  private static final String FORMAT_VERSION = "3\n";

  /**
   * Writes an archive and closes the stream. Equal calls give equal bytes.
   *
   * @param name of the archive's folder
   * @param sources the code by path, such as {@code __torch__/net.py}, with the class of every
   *     module of the tree
   * @param root the tree
   */
  public static void write(
      OutputStream out, String name, Map<String, String> sources, ModuleObject root)
      throws IOException {
    TreePickler tree = TreePickler.of(root);
    try (AlignedZip zip = new AlignedZip(out)) {
      zip.add(name + "/data.pkl", tree.bytes());
      for (Map.Entry<String, String> source : sources.entrySet()) {
        zip.add(
            name + "/code/" + source.getKey(), source.getValue().getBytes(StandardCharsets.UTF_8));
      }
      int storage = 0;
      for (byte[] values : tree.storages()) {
        zip.add(name + "/data/" + storage++, values);
      }
      zip.add(name + "/constants.pkl", NO_CONSTANTS);
      zip.add(name + "/version", FORMAT_VERSION.getBytes(StandardCharsets.UTF_8));
    }
  }

  private ScriptWriter() {}
}
