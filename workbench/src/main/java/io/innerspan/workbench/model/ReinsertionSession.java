package io.innerspan.workbench.model;

import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.Control;
import io.innerspan.onnxruntime.graft.Intervention;
import io.innerspan.onnxruntime.graft.InterventionGraph;
import io.innerspan.onnxruntime.graft.Selection;
import io.innerspan.onnxruntime.graft.Site;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A session on a text model whose activation at one hook point can be replaced: by the graft's
 * interventions, so that everything behind it sees the replacement.
 */
public final class ReinsertionSession implements AutoCloseable {
  private final Path file;
  private final OrtModel model;
  private final ModelInputs inputs;
  private final InterventionGraph graph;
  private final Site site;
  private final String activation;
  private final Output output;

  ReinsertionSession(
      Path file,
      OrtModel model,
      ModelInputs inputs,
      InterventionGraph graph,
      Site site,
      String activation,
      Output output) {
    this.file = file;
    this.model = model;
    this.inputs = inputs;
    this.graph = graph;
    this.site = site;
    this.activation = activation;
    this.output = output;
  }

  /**
   * What the model answers.
   *
   * @param name of the output
   * @param perToken whether it is {@code [batch, tokens, width]} rather than {@code [batch, width]}
   */
  public record Output(String name, boolean perToken) {}

  /**
   * One batch as the model computes it.
   *
   * @param longest tokens of the longest row; shorter ones are padded on the right
   * @param activation {@code [rows, longest, width]}
   * @param output {@code [rows, longest, answers]} or {@code [rows, answers]}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Batch(List<TokenIds> rows, int longest, float[] activation, float[] output) {
    /** The width of the activation. */
    public int width() {
      return activation.length / rows.size() / longest;
    }
  }

  /** What the output is. */
  public Output output() {
    return output;
  }

  /** Texts in batches of like length. */
  public static List<List<Integer>> batches(List<TokenIds> texts) {
    return Batches.byLength(texts);
  }

  /** Runs a batch as it is; its longest row comes first. */
  public Batch run(List<TokenIds> rows) {
    List<float[]> values = run(rows, graph.inactive(), List.of(activation, output.name()));
    return new Batch(rows, rows.get(0).length(), values.get(0), values.get(1));
  }

  /**
   * Runs a batch with another activation and gives its output.
   *
   * @param replacement of the shape of the batch's activation
   */
  public float[] run(Batch batch, float[] replacement) {
    long[] shape = {batch.rows().size(), batch.longest(), batch.width()};
    Intervention patch = new Intervention.Patch(site, Selection.all(), replacement, shape);
    return run(batch.rows(), graph.controls(List.of(patch)), List.of(output.name())).get(0);
  }

  private List<float[]> run(List<TokenIds> rows, List<Control> controls, List<String> outputs) {
    Map<String, Tensor> fed = new LinkedHashMap<>(inputs.tensors(rows));
    for (Control control : controls) {
      fed.put(control.input(), Tensor.ofFloats(control.values(), control.shape()));
    }
    try {
      return new ArrayList<>(model.run(fed, outputs));
    } catch (OrtException e) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw BadInput.in(file, "a model that ONNX Runtime runs", message);
    }
  }

  @Override
  public void close() {
    try {
      model.close();
    } catch (OrtException e) {
      throw new IllegalStateException("a session that cannot be closed", e);
    }
  }
}
