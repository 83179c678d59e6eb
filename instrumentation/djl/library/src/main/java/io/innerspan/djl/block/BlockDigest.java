package io.innerspan.djl.block;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import io.innerspan.djl.Sha256;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** SHA-256 in lowercase hexadecimal of models that are defined in Java. */
public final class BlockDigest {
  /** Of what a block saves, its parameters in their order: packs are found by it. */
  public static String of(Block block) throws IOException {
    return Sha256.of(
        digest -> {
          DataOutputStream out = new DataOutputStream(digest);
          block.saveParameters(out);
          out.flush();
        });
  }

  /** Of the blocks' paths, classes and shapes of parameters, without what these hold. */
  static String ofStructure(BlockNode root) throws IOException {
    return Sha256.of(out -> write(root, out));
  }

  private static void write(BlockNode node, OutputStream out) throws IOException {
    StringBuilder line = new StringBuilder(node.path());
    Block block = node.block();
    if (block != null) {
      line.append('\0').append(block.getClass().getName());
      for (Pair<String, Parameter> own : block.getDirectParameters()) {
        line.append('\0').append(own.getKey()).append(' ').append(own.getValue().getShape());
      }
    }
    out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    for (BlockNode child : node.children().values()) {
      write(child, out);
    }
  }

  private BlockDigest() {}
}
