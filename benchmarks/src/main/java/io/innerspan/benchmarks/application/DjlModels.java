package io.innerspan.benchmarks.application;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.innerspan.examples.djltext.model.ScriptedClassifier;
import io.innerspan.examples.djltext.model.Size;
import io.innerspan.examples.djltext.model.TextClassifier;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes transformers with random weights, each twice, as the parameters of DJL's blocks and as
 * TorchScript, and what their layers give for one text.
 */
public final class DjlModels {
  /** A small encoder with the layers of all-MiniLM-L6-v2. */
  public static final Size SIZE = new Size(2_000, 512, 384, 12, 1_536, 4, 2);

  /** The parameters of the blocks. */
  public static final String BLOCKS = "blocks.params";

  /** What the name of the archive ends with, after that of its folder. */
  public static final String SCRIPT = ".pt";

  /** What each layer gives for {@link #GOLDEN}: big-endian floats, layer by layer. */
  public static final String ACTIVATIONS = "activations.f32";

  /** The tokens of a text. */
  public static final long[] GOLDEN = {1, 20, 300, 1_999, 20, 7};

  private static final int SEED = 20_261_121;

  /**
   * Writes the files of a model, of other random weights each, into folders.
   *
   * @param arguments the folders
   */
  public static void main(String[] arguments) throws IOException {
    Engine.getEngine("PyTorch").setRandomSeed(SEED);
    for (String folder : arguments) {
      write(Path.of(folder));
    }
  }

  private static void write(Path folder) throws IOException {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      TextClassifier classifier = new TextClassifier(SIZE, 0);
      classifier.initialize(manager, DataType.FLOAT32, new Shape(1, 1), new Shape(1, 1));
      try (DataOutputStream out = open(folder.resolve(BLOCKS))) {
        classifier.saveParameters(out);
      }
      ScriptedClassifier.write(classifier, folder.resolve(folder.getFileName() + SCRIPT));
      NDArray ids = manager.create(GOLDEN, new Shape(1, GOLDEN.length));
      try (DataOutputStream out = open(folder.resolve(ACTIVATIONS))) {
        for (NDArray layer : classifier.activations(new NDList(ids, ids.onesLike()))) {
          for (float value : layer.toFloatArray()) {
            out.writeFloat(value);
          }
        }
      }
    }
  }

  private static DataOutputStream open(Path file) throws IOException {
    return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
  }

  private DjlModels() {}
}
