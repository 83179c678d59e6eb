package io.innerspan.workbench.model;

import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.ElementType;
import io.innerspan.onnxruntime.graft.Exposure;
import io.innerspan.onnxruntime.graft.InterventionCompiler;
import io.innerspan.onnxruntime.graft.InterventionGraph;
import io.innerspan.onnxruntime.graft.Layer;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.onnxruntime.graft.Site;
import io.innerspan.onnxruntime.graft.TapPoint;
import io.innerspan.onnxruntime.graft.TensorInfo;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A text model in ONNX: its structure, its bytes, and its inputs. */
public final class OnnxTextModel implements TextModel {
  /** What batches that are computed ahead may hold. */
  private static final long AHEAD_BYTES = 256L << 20;

  private final Path file;
  private final byte[] bytes;
  private final OnnxModel structure;
  private final ModelInputs inputs;

  private OnnxTextModel(Path file, byte[] bytes, OnnxModel structure, ModelInputs inputs) {
    this.file = file;
    this.bytes = bytes;
    this.structure = structure;
    this.inputs = inputs;
  }

  /**
   * Reads a model.
   *
   * @throws BadInput when it is missing, not ONNX, or not a text model with an attention mask
   */
  public static OnnxTextModel open(Path file) {
    OnnxFile.existing(file);
    try {
      OnnxModel structure = OnnxModel.scan(file);
      if (structure.externalData()) {
        throw BadInput.in(file, "a model in one file", "weights in other files");
      }
      ModelInputs inputs = ModelInputs.of(structure, file);
      return new OnnxTextModel(file, Files.readAllBytes(file), structure, inputs);
    } catch (ModelRefusedException e) {
      throw BadInput.in(file, "an ONNX model", e.reason());
    } catch (IOException e) {
      throw BadInput.in(file, "a readable file", String.valueOf(e));
    }
  }

  /**
   * The same model with random weights: the control that says what an activation owes to training.
   * Each matrix keeps its mean and deviation; vectors (norms, biases) stay as they are.
   *
   * @throws BadInput when the model cannot be taken apart
   */
  public OnnxTextModel randomized(long seed) {
    try {
      return new OnnxTextModel(file, RandomWeights.replace(bytes, seed), structure, inputs);
    } catch (IOException e) {
      throw BadInput.in(file, "an ONNX model of less than 2 GiB", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String sha256() {
    return Digests.sha256(ByteBuffer.wrap(bytes));
  }

  @Override
  public String structureDigest() {
    return structure.structure();
  }

  @Override
  public List<HookPoint> layerOutputs() {
    return places(LayerSite.RESID_POST);
  }

  @Override
  public List<HookPoint> places(LayerSite site) {
    boolean outputs = site == LayerSite.RESID_POST;
    List<HookPoint> places = new ArrayList<>();
    for (Layer layer : structure.layers()) {
      boolean normalized = outputs && layer.normalized() != null;
      String name = layer.block() + (normalized ? ".hook_normalized_" : ".hook_") + site.label();
      TapPoint tap = structure.resolve(new HookPoint(name));
      if (tap != null && tap.usable()) {
        places.add(tap.hookPoint());
      }
    }
    if (places.isEmpty()) {
      String what = outputs ? "an output" : site.label();
      throw BadInput.in(
          file,
          "a transformer with " + (outputs ? "layer outputs" : what) + " to read",
          structure.layers().size() + " layers, none with " + what + " that may be read");
    }
    return places;
  }

  /**
   * Opens a session that gives activations.
   *
   * @throws BadInput when a hook point is not in the model, may not be read, or has no value per
   *     token
   */
  public ActivationSession activations(List<HookPoint> hookPoints) {
    boolean floats = true;
    for (HookPoint hookPoint : hookPoints) {
      TapPoint tap = structure.resolve(hookPoint);
      floats &= tap != null && tap.tensor().type() == ElementType.FLOAT;
      if (tap != null && !tap.perToken()) {
        throw BadInput.in(
            file,
            "an activation [batch, tokens, width] at '" + hookPoint + "'",
            tap.tensor().shapeText());
      }
    }
    Exposure exposure = OverlayCompiler.expose(structure, hookPoints);
    if (!exposure.refusals().isEmpty()) {
      Map.Entry<HookPoint, String> refusal = exposure.refusals().entrySet().iterator().next();
      throw BadInput.in(
          file, "to read '" + refusal.getKey() + "'", "a refusal: " + refusal.getValue());
    }
    List<String> outputs =
        hookPoints.stream().map(hookPoint -> output(exposure, hookPoint)).toList();
    try {
      return new ActivationSession(
          file, new OrtModel(bytes, exposure.bytes()), inputs, outputs, floats);
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  /**
   * Opens a session whose activation at a hook point can be replaced.
   *
   * @param outputName which of the model's outputs to read, or null for the first of floats
   * @throws BadInput when the activation cannot be replaced, or there is no such output
   */
  public ReinsertionSession reinsertion(HookPoint hookPoint, @Nullable String outputName) {
    ReinsertionSession.Output output = modelOutput(outputName);
    Site site = new Site(hookPoint, Site.Edit.REPLACE);
    InterventionGraph graph = InterventionCompiler.compile(structure, List.of(site));
    if (!graph.refusals().isEmpty()) {
      throw BadInput.in(
          file, "to replace '" + hookPoint + "'", "a refusal: " + graph.refusals().get(site));
    }
    Exposure exposure = OverlayCompiler.expose(structure, List.of(hookPoint));
    try {
      return new ReinsertionSession(
          file,
          new OrtModel(graph.applyTo(bytes), exposure.bytes()),
          inputs,
          graph,
          site,
          output(exposure, hookPoint),
          output);
    } catch (ModelRefusedException e) {
      throw BadInput.in(file, "to replace '" + hookPoint + "'", "a refusal: " + e.reason());
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private ReinsertionSession.Output modelOutput(@Nullable String name) {
    List<String> names = new ArrayList<>();
    for (TensorInfo each : structure.outputs()) {
      names.add(each.name() + " " + each.shapeText());
      boolean meant = name == null || name.equals(each.name());
      if (meant && each.type() == ElementType.FLOAT && (each.rank() == 2 || each.rank() == 3)) {
        return new ReinsertionSession.Output(each.name(), each.rank() == 3);
      }
    }
    throw BadInput.in(
        file,
        "an output" + (name == null ? "" : " '" + name + "'") + " of floats with 2 or 3 dimensions",
        "the outputs " + names);
  }

  @Override
  public void visit(
      List<TokenIds> texts, List<HookPoint> hookPoints, Progress.Counter progress, Visitor visitor)
      throws IOException {
    Exposure exposure = OverlayCompiler.expose(structure, hookPoints);
    if (!exposure.refusals().isEmpty()) {
      Map.Entry<HookPoint, String> refusal = exposure.refusals().entrySet().iterator().next();
      throw BadInput.in(
          file, "to read '" + refusal.getKey() + "'", "a refusal: " + refusal.getValue());
    }
    List<String> outputs =
        hookPoints.stream().map(hookPoint -> output(exposure, hookPoint)).toList();
    List<List<Integer>> batches = Batches.byLength(texts);
    try (OrtModel model = new OrtModel(bytes, exposure.bytes())) {
      Ahead.Work<List<float[]>> work =
          number -> model.run(inputs.tensors(rows(texts, batches.get(number))), outputs);
      Ahead.Sink<List<float[]>> sink =
          (number, values) -> {
            show(texts, hookPoints, batches.get(number), values, visitor);
            progress.add(batches.get(number).size());
          };
      if (!batches.isEmpty()) {
        // The first is the largest; it says how many fit into memory.
        List<float[]> first = work.of(0);
        sink.take(0, first);
        long size = first.stream().mapToLong(value -> (long) value.length * Float.BYTES).sum();
        int ahead = (int) Math.max(1, Math.min(batches.size(), AHEAD_BYTES / Math.max(1, size)));
        Ahead.run(
            batches.size() - 1,
            ahead,
            number -> work.of(number + 1),
            (number, values) -> sink.take(number + 1, values));
      }
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  @Override
  public List<float[]> readings(Probe probe, List<List<TokenIds>> batches) {
    return values(probe, batches);
  }

  /**
   * What a live model with the signal in it reads for batches.
   *
   * @return by batch, the signal's columns row by row
   * @throws BadInput when the signal cannot be put into this model
   */
  public List<float[]> values(Signal signal, List<List<TokenIds>> batches) {
    Overlay overlay = OverlayCompiler.compile(structure, List.of(signal), Set.of());
    if (overlay.isEmpty()) {
      throw BadInput.in(
          file,
          "to compile '" + signal.id() + "' into the model",
          "a refusal: " + overlay.refusals());
    }
    int width = signal.columnNames().size();
    try (OrtModel model = new OrtModel(bytes, overlay.bytes())) {
      List<float[]> readings = new ArrayList<>();
      for (List<TokenIds> batch : batches) {
        float[] reading = model.run(inputs.tensors(batch), List.of(overlay.readingOutput())).get(0);
        int columns = reading.length / batch.size();
        float[] values = new float[batch.size() * width];
        for (int row = 0; row < batch.size(); row++) {
          System.arraycopy(reading, row * columns, values, row * width, width);
        }
        readings.add(values);
      }
      return readings;
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  /**
   * What a live session with signals in it reads of each text, as under the agent.
   *
   * @throws BadInput when a signal cannot be put into this model
   */
  public SignalReadings readings(
      List<? extends Signal> signals, List<TokenIds> texts, Progress.Counter progress) {
    Overlay overlay = OverlayCompiler.compile(structure, List.copyOf(signals), Set.of());
    if (overlay.isEmpty() || !overlay.refusals().isEmpty()) {
      throw BadInput.in(
          file, "to compile signals into the model", "a refusal: " + overlay.refusals());
    }
    ReadingLayout layout = new ReadingLayout(overlay.signals());
    Reading[] readings = new Reading[texts.size()];
    try (OrtModel model = new OrtModel(bytes, overlay.bytes())) {
      for (List<Integer> batch : Batches.byLength(texts)) {
        List<TokenIds> rows = batch.stream().map(texts::get).toList();
        float[] values = model.run(inputs.tensors(rows), List.of(overlay.readingOutput())).get(0);
        for (int row = 0; row < rows.size(); row++) {
          int at = row * layout.columns();
          float[] own = Arrays.copyOfRange(values, at, at + layout.columns());
          readings[batch.get(row)] = new Reading(layout, own, 1);
        }
        progress.add(batch.size());
      }
    } catch (OrtException e) {
      throw failed(e);
    }
    return new SignalReadings(layout, List.of(readings));
  }

  @Override
  public float @Nullable [][] outputFeatures(List<TokenIds> texts) {
    OwnOutput output = OwnOutput.of(structure);
    if (output == null) {
      return null;
    }
    try (OrtModel model = new OrtModel(bytes, new byte[0])) {
      return output.read(model, inputs, texts);
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  /**
   * Times texts one by one with and without a probe in the graph; null for a model without an
   * output of floats.
   *
   * @param texts at least one
   */
  public @Nullable ProbeLatency latency(Probe probe, List<TokenIds> texts) {
    Overlay overlay = OverlayCompiler.compile(structure, List.of(probe), Set.of());
    List<Map<String, Tensor>> batches =
        texts.stream().map(text -> inputs.tensors(List.of(text))).toList();
    List<String> outputs =
        structure.outputs().stream()
            .filter(output -> output.type() == ElementType.FLOAT)
            .map(TensorInfo::name)
            .toList();
    if (outputs.isEmpty()) {
      return null;
    }
    try (OrtModel plain = new OrtModel(bytes, new byte[0]);
        OrtModel probed = new OrtModel(bytes, overlay.bytes())) {
      return ProbeLatency.measure(plain, probed, batches, outputs, overlay.readingOutput());
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  @Override
  public Map<String, Tensor> inputs(List<TokenIds> batch) {
    return inputs.tensors(batch);
  }

  private static String output(Exposure exposure, HookPoint hookPoint) {
    String output = exposure.outputs().get(hookPoint);
    if (output == null) {
      throw new IllegalStateException("neither an output nor a refusal for " + hookPoint);
    }
    return output;
  }

  private static List<TokenIds> rows(List<TokenIds> texts, List<Integer> batch) {
    return batch.stream().map(texts::get).toList();
  }

  private void show(
      List<TokenIds> texts,
      List<HookPoint> hookPoints,
      List<Integer> batch,
      List<float[]> values,
      Visitor visitor)
      throws IOException {
    int longest = texts.get(batch.get(0)).length();
    for (int row = 0; row < batch.size(); row++) {
      int tokens = texts.get(batch.get(row)).length();
      List<float[][]> activations = new ArrayList<>(values.size());
      for (int h = 0; h < values.size(); h++) {
        activations.add(row(values.get(h), row, batch.size(), longest, tokens));
        FiniteActivations.check(file, activations.get(h), hookPoints.get(h), batch.get(row));
      }
      visitor.visit(batch.get(row), activations);
    }
  }

  private static float[][] row(float[] values, int row, int rows, int longest, int tokens) {
    int width = values.length / (rows * longest);
    float[][] activation = new float[tokens][];
    for (int token = 0; token < tokens; token++) {
      int at = (row * longest + token) * width;
      activation[token] = Arrays.copyOfRange(values, at, at + width);
    }
    return activation;
  }

  private BadInput failed(OrtException e) {
    return OrtFailure.of(file, e);
  }
}
