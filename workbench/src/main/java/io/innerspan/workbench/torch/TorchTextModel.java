package io.innerspan.workbench.torch;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Probe;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.Activation;
import io.innerspan.workbench.model.Batches;
import io.innerspan.workbench.model.FiniteActivations;
import io.innerspan.workbench.model.LayerSite;
import io.innerspan.workbench.model.NamedTextInputs;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A text model on DJL's PyTorch engine: a TorchScript archive, or a folder with a model whose
 * blocks are defined in Java. It is loaded whenever it is asked for something, and not kept.
 */
public final class TorchTextModel implements TextModel {
  private final Path file;
  private final List<String> inputNames;
  private final List<HookPoint> places;
  private final String sha256;
  private @Nullable NamedTextInputs inputs;

  private TorchTextModel(
      Path file, List<String> inputNames, List<HookPoint> places, String sha256) {
    this.file = file;
    this.inputNames = List.copyOf(inputNames);
    this.places = List.copyOf(places);
    this.sha256 = sha256;
  }

  /**
   * Finds out which model it is.
   *
   * @param file the archive or folder
   * @param inputNames of a folder's model, the names of its inputs in their order; empty for those
   *     that it has itself
   * @param places modules or blocks; at least one, for a model does not say which are its layers
   * @throws BadInput when there is no such model or engine, or no place
   */
  public static TorchTextModel open(Path file, List<String> inputNames, List<HookPoint> places)
      throws IOException {
    if (places.isEmpty()) {
      throw new BadInput(
          "--hook-point: expected modules or blocks of a model of DJL, or --store, found none");
    }
    return new TorchTextModel(file, inputNames, places, TorchModel.sha256(file));
  }

  @Override
  public String sha256() {
    return sha256;
  }

  /** Null: packs for models of DJL are found by the digest alone. */
  @Override
  public @Nullable String structureDigest() {
    return null;
  }

  @Override
  public List<HookPoint> layerOutputs() {
    return places;
  }

  @Override
  public List<HookPoint> places(LayerSite site) {
    throw new BadInput(
        "--site: expected --hook-point for a model of DJL, whose places are modules or blocks, found "
            + site);
  }

  @Override
  public void visit(
      List<TokenIds> texts, List<HookPoint> hookPoints, Progress.Counter progress, Visitor visitor)
      throws IOException {
    try (TorchModel model = TorchModel.open(file, hookPoints, inputNames)) {
      NamedTextInputs named = NamedTextInputs.of(file, model, model.ids());
      inputs = named;
      for (List<Integer> batch : Batches.byLength(texts)) {
        List<TokenIds> rows = batch.stream().map(texts::get).toList();
        List<Activation> activations = named.run(model, hookPoints, rows);
        for (int row = 0; row < rows.size(); row++) {
          List<float[][]> tokens = new ArrayList<>();
          for (int h = 0; h < hookPoints.size(); h++) {
            tokens.add(tokens(activations.get(h), row, rows.get(row).length()));
            FiniteActivations.check(file, tokens.get(h), hookPoints.get(h), batch.get(row));
          }
          visitor.visit(batch.get(row), tokens);
        }
        progress.add(batch.size());
      }
    }
  }

  private static float[][] tokens(Activation activation, int row, int count) {
    FloatBuffer values = activation.rows(row, IntStream.range(0, count).toArray()).asFloatBuffer();
    float[][] tokens = new float[count][activation.width()];
    for (float[] token : tokens) {
      values.get(token);
    }
    return tokens;
  }

  @Override
  public List<float[]> readings(Probe probe, List<List<TokenIds>> batches) throws IOException {
    try (LiveProbe live = LiveProbe.open(file, probe)) {
      List<float[]> readings = new ArrayList<>();
      for (List<TokenIds> batch : batches) {
        // A golden input has logits; what these are does not matter before they are known.
        Tensor unknown = Tensor.ofFloats(new float[batch.size()]);
        readings.add(live.read(new GoldenInput(inputs(batch), Map.of(probe.id(), unknown))));
      }
      return readings;
    }
  }

  /**
   * As golden inputs name them: the parameters of {@code forward}, what the root block declares, or
   * positions with the names that were given.
   */
  @Override
  public Map<String, Tensor> inputs(List<TokenIds> batch) {
    Map<String, Tensor> tensors = named().tensors(batch);
    if (!Files.isDirectory(file) || inputNames.isEmpty()) {
      return tensors;
    }
    Map<String, Tensor> golden = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> golden.put(golden.size() + ":" + name, tensor));
    return golden;
  }

  private NamedTextInputs named() {
    NamedTextInputs known = inputs;
    if (known != null) {
      return known;
    }
    try (TorchModel model = TorchModel.open(file, places, inputNames)) {
      NamedTextInputs named = NamedTextInputs.of(file, model, model.ids());
      inputs = named;
      return named;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
