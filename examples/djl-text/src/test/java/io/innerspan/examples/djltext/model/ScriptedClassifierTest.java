package io.innerspan.examples.djltext.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive on the real engine beside the blocks that it was written from. */
class ScriptedClassifierTest {
  private static final Size SIZE = new Size(50, 12, 16, 4, 24, 3, 3);
  private static final long[] IDS = {1, 7, 49, 3, 1, 12, 0, 0};
  private static final long[] MASK = {1, 1, 1, 1, 1, 1, 0, 0};

  @TempDir Path folder;

  @Test
  void write_paddedBatch_answersAsTheBlocks() throws Exception {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        Model scripted = Model.newInstance("classifier", Device.cpu(), "PyTorch")) {
      TextClassifier classifier = classifier(manager, 3);
      ScriptedClassifier.write(classifier, folder.resolve("classifier.pt"));
      scripted.load(folder);

      float[] expected = logits(classifier, manager);
      float[] found = logits(scripted.getBlock(), manager);

      assertThat(found).hasSize(6).containsExactly(expected, within(1e-5f));
      assertThat(found[0]).isNotCloseTo(found[3], within(1e-4f));
    }
  }

  @Test
  void activations_ofTheLastLayer_makeTheLogits() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      TextClassifier classifier = classifier(manager, 5);

      var activations = classifier.activations(inputs(manager));

      assertThat(activations).hasSize(SIZE.layers());
      assertThat(activations.get(2).getShape()).isEqualTo(new Shape(2, 4, SIZE.width()));
      var text = activations.get(2).get("1, :2").mean(new int[] {0}, true);
      float[] logits =
          classifier
              .head()
              .forward(new ParameterStore(manager, false), new NDList(text), false)
              .singletonOrThrow()
              .toFloatArray();
      float[] whole = logits(classifier, manager);
      assertThat(logits).containsExactly(new float[] {whole[3], whole[4], whole[5]}, within(1e-5f));
    }
  }

  @Test
  void write_equalClassifiers_givesEqualBytes() throws Exception {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      ScriptedClassifier.write(classifier(manager, 3), folder.resolve("one.pt"));
      ScriptedClassifier.write(classifier(manager, 3), folder.resolve("same.pt"));
      ScriptedClassifier.write(classifier(manager, 4), folder.resolve("other.pt"));

      byte[] one = Files.readAllBytes(folder.resolve("one.pt"));
      assertThat(Files.readAllBytes(folder.resolve("same.pt"))).isEqualTo(one);
      assertThat(Files.readAllBytes(folder.resolve("other.pt"))).isNotEqualTo(one);
    }
  }

  private static TextClassifier classifier(NDManager manager, int seed) {
    Engine.getEngine("PyTorch").setRandomSeed(seed);
    TextClassifier classifier = new TextClassifier(SIZE, 0.5f);
    classifier.initialize(manager, DataType.FLOAT32, new Shape(1, 1), new Shape(1, 1));
    return classifier;
  }

  private static float[] logits(Block block, NDManager manager) {
    return block
        .forward(new ParameterStore(manager, false), inputs(manager), false)
        .singletonOrThrow()
        .toFloatArray();
  }

  private static NDList inputs(NDManager manager) {
    return new NDList(manager.create(IDS, new Shape(2, 4)), manager.create(MASK, new Shape(2, 4)));
  }
}
