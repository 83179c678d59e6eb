package io.innerspan.onnxruntime.graft;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Renames what nodes of the main graph put out, in place: the names are equally long, so that no
 * other byte of the model changes. Those who read the tensor keep the old name.
 */
final class ProducerRenamer {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_NODE = 1;
  private static final int NODE_OUTPUT = 2;

  private final WireReader in;
  private final Map<String, String> names;
  private final Map<Integer, String> found = new HashMap<>();

  private ProducerRenamer(ByteBuffer model, Map<String, String> names) {
    this.names = names;
    in = new WireReader(model);
  }

  /**
   * Renames outputs.
   *
   * @param model begins with a serialised model, which is changed
   * @param length of the model
   * @param names new names by old name
   * @throws ModelRefusedException when a name is not the output of exactly one node
   */
  static void rename(byte[] model, int length, Map<String, String> names)
      throws ModelRefusedException {
    edits(ByteBuffer.wrap(model, 0, length), names)
        .forEach((at, name) -> System.arraycopy(name, 0, model, at, name.length));
  }

  /**
   * What has to be changed so that outputs have other names.
   *
   * @param model a serialised model, between the buffer's position and limit, which stay as they
   *     are
   * @param names new names by old name
   * @return the new bytes by how many bytes lie before them
   * @throws ModelRefusedException when a name is not the output of exactly one node
   */
  static Map<Integer, byte[]> edits(ByteBuffer model, Map<String, String> names)
      throws ModelRefusedException {
    ProducerRenamer renamer = new ProducerRenamer(model, names);
    renamer.find();
    return renamer.edits();
  }

  private void find() throws ModelRefusedException {
    eachMessage(MODEL_GRAPH, () -> eachMessage(GRAPH_NODE, this::findOutputs));
  }

  private interface Body {
    void read() throws ModelRefusedException;
  }

  private void eachMessage(int field, Body body) throws ModelRefusedException {
    while (!in.atEnd()) {
      int tag = in.tag();
      if (tag == (field << 3 | WireReader.LENGTH_DELIMITED)) {
        int outer = in.enter(in.length());
        body.read();
        in.leave(outer);
      } else {
        in.skipValue(tag);
      }
    }
  }

  private void findOutputs() throws ModelRefusedException {
    while (!in.atEnd()) {
      int tag = in.tag();
      if (tag != (NODE_OUTPUT << 3 | WireReader.LENGTH_DELIMITED)) {
        in.skipValue(tag);
        continue;
      }
      int length = in.length();
      int at = in.position();
      String name = new String(in.bytes(length), StandardCharsets.UTF_8);
      if (names.containsKey(name)) {
        found.put(at, name);
      }
    }
  }

  private Map<Integer, byte[]> edits() throws ModelRefusedException {
    for (String name : names.keySet()) {
      long count = found.values().stream().filter(name::equals).count();
      if (count != 1) {
        throw new ModelRefusedException(
            "expected one node with the output " + name + ", found " + count);
      }
    }
    Map<Integer, byte[]> edits = new HashMap<>();
    found.forEach(
        (at, name) ->
            edits.put(at, String.valueOf(names.get(name)).getBytes(StandardCharsets.UTF_8)));
    return edits;
  }
}
