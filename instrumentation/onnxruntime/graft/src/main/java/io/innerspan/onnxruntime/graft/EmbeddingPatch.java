package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.HookPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What makes a model of tokens start at their embeddings: what the table of words gives becomes an
 * input of the session, and an output too. What the model adds to it, of positions or of token
 * types, stays as it is. Immutable.
 */
public final class EmbeddingPatch {
  private static final Set<String> FUSED =
      Set.of("EmbedLayerNormalization", "QEmbedLayerNormalization");

  private final String tensor;
  private final InterventionGraph graph;
  private final byte[] exposure;

  private EmbeddingPatch(String tensor, InterventionGraph graph, byte[] exposure) {
    this.tensor = tensor;
    this.graph = graph;
    this.exposure = exposure;
  }

  /**
   * Compiles the patch.
   *
   * @param ids the input of token ids
   * @throws ModelRefusedException when the model cannot start there, or has no derivatives to be
   *     told by differences
   */
  public static EmbeddingPatch compile(OnnxModel model, String ids) throws ModelRefusedException {
    if (model.externalData()) {
      throw new ModelRefusedException("weights lie in other files, expected them in the model's");
    }
    String rough = Smoothness.refusal(model);
    if (rough != null) {
      throw new ModelRefusedException(rough + ", so that differences tell no derivative");
    }
    String tensor = tensor(model, ids);
    TapPoint tap = HookPoint.isName(tensor) ? model.resolve(new HookPoint(tensor)) : null;
    if (tap == null || tap.tensor().type() != ElementType.FLOAT) {
      Object found = tap == null ? "a name that is no address" : tap.tensor().type();
      throw new ModelRefusedException(
          tensor + ": expected embeddings of " + ElementType.FLOAT + ", found " + found);
    }
    Site site = Site.replace(tensor);
    InterventionGraph graph = InterventionCompiler.compile(model, List.of(site));
    Exposure exposure = OverlayCompiler.expose(model, List.of(site.hookPoint()));
    refuse(graph.refusals().get(site));
    refuse(exposure.refusals().get(site.hookPoint()));
    return new EmbeddingPatch(tensor, graph, exposure.bytes());
  }

  private static void refuse(@Nullable String refusal) throws ModelRefusedException {
    if (refusal != null) {
      throw new ModelRefusedException(refusal);
    }
  }

  private static String tensor(OnnxModel model, String ids) throws ModelRefusedException {
    List<String> found = EmbeddingFinder.lookups(new GraphIndex(model.graph()), ids);
    if (found.size() == 1) {
      return found.get(0);
    }
    boolean fused =
        found.isEmpty() && model.nodes().anyMatch(node -> FUSED.contains(node.getOpType()));
    throw new ModelRefusedException(
        fused
            ? "a fused EmbedLayerNormalization keeps the tokens' embeddings to itself"
            : "expected one table that " + ids + " is looked up in, found " + found.size());
  }

  /** The embeddings' tensor, {@code [batch, tokens, width]}, which is an output too. */
  public String tensor() {
    return tensor;
  }

  /** The added input that is 1 where the other values hold, and 0 where the model's own do. */
  public String maskInput() {
    return graph.inputs().get(0);
  }

  /** The added input of other values. */
  public String valuesInput() {
    return graph.inputs().get(1);
  }

  /** What goes behind the model's bytes. */
  public byte[] overlay() {
    byte[] nodes = graph.overlay();
    return ByteBuffer.allocate(nodes.length + exposure.length).put(nodes).put(exposure).array();
  }

  /**
   * What else changes in the model's file.
   *
   * @return the new bytes by how many bytes lie before them
   * @throws IOException when the file cannot be read
   * @throws ModelRefusedException when it is not the model that was scanned
   */
  public Map<Integer, byte[]> edits(Path model) throws IOException, ModelRefusedException {
    try (FileChannel channel = FileChannel.open(model)) {
      return graph.edits(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
    } catch (IllegalArgumentException e) {
      throw new IOException(model + ": expected less than 2 GiB", e);
    } catch (InternalError e) {
      // What the JVM makes of a read behind the end of a mapped file.
      throw new IOException(model + " became shorter while it was read", e);
    }
  }
}
