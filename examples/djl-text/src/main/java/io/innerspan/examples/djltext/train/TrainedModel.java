package io.innerspan.examples.djltext.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import io.innerspan.examples.djltext.model.TextClassifier;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Probe;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The trained classifier as the workbench sees a model: its activations come from its blocks, live
 * readings from its archive, which has the same weights.
 */
final class TrainedModel implements TextModel {
  private static final int BATCH = 32;

  private final TextClassifier classifier;
  private final NDManager manager;
  private final Path archive;
  private final String sha256;

  TrainedModel(TextClassifier classifier, NDManager manager, Path archive) throws IOException {
    this.classifier = classifier;
    this.manager = manager;
    this.archive = archive;
    this.sha256 = Digests.sha256(archive);
  }

  @Override
  public String sha256() {
    return sha256;
  }

  @Override
  public @Nullable String structureDigest() {
    return null;
  }

  @Override
  public List<HookPoint> layerOutputs() {
    return IntStream.range(0, classifier.size().layers())
        .mapToObj(layer -> new HookPoint("blocks." + layer + ".hook_normalized_resid_post"))
        .toList();
  }

  @Override
  public void visit(
      List<TokenIds> texts, List<HookPoint> hookPoints, Progress.Counter progress, Visitor visitor)
      throws IOException {
    int[] layers = hookPoints.stream().mapToInt(layerOutputs()::indexOf).toArray();
    for (int from = 0; from < texts.size(); from += BATCH) {
      List<TokenIds> rows = texts.subList(from, Math.min(texts.size(), from + BATCH));
      try (NDManager scope = manager.newSubManager()) {
        TokenBatch batch = batch(rows);
        List<NDArray> outputs = classifier.activations(batch.inputs(scope));
        List<float[]> values =
            Arrays.stream(layers).mapToObj(layer -> outputs.get(layer).toFloatArray()).toList();
        for (int row = 0; row < rows.size(); row++) {
          List<float[][]> activations = new ArrayList<>();
          for (float[] all : values) {
            activations.add(tokens(all, row * batch.tokens(), rows.get(row).length()));
          }
          visitor.visit(from + row, activations);
        }
      }
      progress.add(rows.size());
    }
  }

  private float[][] tokens(float[] all, int first, int count) {
    int width = classifier.size().width();
    float[][] tokens = new float[count][];
    for (int i = 0; i < count; i++) {
      tokens[i] = Arrays.copyOfRange(all, (first + i) * width, (first + i + 1) * width);
    }
    return tokens;
  }

  @Override
  public List<float[]> readings(Probe probe, List<List<TokenIds>> batches) throws IOException {
    try (LivePyTorch live = LivePyTorch.open(archive, probe)) {
      return batches.stream().map(rows -> live.read(batch(rows))).toList();
    }
  }

  @Override
  public Map<String, Tensor> inputs(List<TokenIds> rows) {
    TokenBatch batch = batch(rows);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("input_ids", Tensor.ofLongs(batch.ids(), batch.rows(), batch.tokens()));
    inputs.put("attention_mask", Tensor.ofLongs(batch.mask(), batch.rows(), batch.tokens()));
    return inputs;
  }

  @Override
  public double[] answers(List<TokenIds> texts) {
    double[] answers = new double[texts.size()];
    for (int i = 0; i < answers.length; i++) {
      try (NDManager scope = manager.newSubManager()) {
        NDList inputs = batch(texts.subList(i, i + 1)).inputs(scope);
        ParameterStore parameters = new ParameterStore(scope, false);
        float[] logits =
            classifier.forward(parameters, inputs, false).singletonOrThrow().toFloatArray();
        answers[i] = logits[TrainExample.POSITIVE] - logits[1 - TrainExample.POSITIVE];
      }
    }
    return answers;
  }

  private static TokenBatch batch(List<TokenIds> rows) {
    return TokenBatch.of(rows.stream().map(TokenIds::ids).toList());
  }
}
