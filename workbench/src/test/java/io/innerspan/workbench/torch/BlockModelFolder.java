package io.innerspan.workbench.torch;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.BlockFactory;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A folder with a model in Java, as its authors ship one: word i is (i, −i), and each of two layers
 * adds what its part gives, which is twice what it takes.
 */
public final class BlockModelFolder {
  /** Words that the model knows. */
  public static final int VOCABULARY = 16;

  private static final String SOURCE =
      """
      package toy;

      import ai.djl.Model;
      import ai.djl.ndarray.*;
      import ai.djl.ndarray.types.*;
      import ai.djl.nn.*;
      import ai.djl.training.ParameterStore;
      import ai.djl.util.PairList;
      import java.nio.file.Path;
      import java.util.*;

      public final class Factory implements BlockFactory {
        @Override
        public Block newBlock(Model model, Path folder, Map<String, ?> arguments) {
          return new Net(arguments.containsKey("unnamed"));
        }

        abstract static class Part extends AbstractBlock {
          abstract NDArray run(ParameterStore parameters, NDList inputs);

          @Override
          protected NDList forwardInternal(
              ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> p) {
            return new NDList(run(parameters, inputs));
          }

          @Override
          public Shape[] getOutputShapes(Shape[] inputs) {
            return inputs;
          }

          @Override
          protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
            for (Block child : getChildren().values()) {
              child.initialize(manager, type, shapes);
            }
          }
        }

        static final class Twice extends Part {
          @Override
          NDArray run(ParameterStore parameters, NDList inputs) {
            return inputs.get(0).mul(2);
          }
        }

        static final class Layer extends Part {
          private final Block twice = addChildBlock("twice", new Twice());

          @Override
          NDArray run(ParameterStore parameters, NDList inputs) {
            NDArray part = twice.forward(parameters, inputs, false).get(0);
            NDArray sum = part.add(inputs.get(0));
            part.muli(0); // What was captured must not be what it becomes.
            return sum;
          }
        }

        static final class Net extends Part {
          private final Parameter words =
              addParameter(
                  Parameter.builder()
                      .setName("words")
                      .setType(Parameter.Type.WEIGHT)
                      .optShape(new Shape(16, 2))
                      .build());
          private final Block first = addChildBlock("layer", new Layer());
          private final Block second = addChildBlock("layer", new Layer());

          Net(boolean unnamed) {
            inputNames = unnamed ? List.of() : List.of("input_ids", "attention_mask");
          }

          @Override
          NDArray run(ParameterStore parameters, NDList inputs) {
            NDArray ids = inputs.get(0);
            NDArray table = parameters.getValue(words, ids.getDevice(), false);
            NDArray x = table.get(ids.flatten()).reshape(ids.getShape().add(2));
            x = first.forward(parameters, new NDList(x), false).get(0);
            x = second.forward(parameters, new NDList(x), false).get(0);
            NDArray real = inputs.get(1).toType(DataType.FLOAT32, false).expandDims(2);
            return x.mul(real).sum(new int[] {1});
          }
        }
      }
      """;

  private final Path folder;

  private BlockModelFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes one.
   *
   * @param arguments for the factory, in the folder's properties
   */
  public static BlockModelFolder write(Path folder, String... arguments) throws Exception {
    TorchEngine.require();
    BlockModelFolder written = new BlockModelFolder(Files.createDirectories(folder));
    written.compile();
    written.properties("blockFactory=toy.Factory\n" + String.join("\n", arguments) + "\n");
    float[] weights = new float[2 * VOCABULARY];
    for (int word = 0; word < VOCABULARY; word++) {
      weights[2 * word] = word;
      weights[2 * word + 1] = -word;
    }
    written.save(weights, arguments);
    return written;
  }

  private void compile() throws Exception {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Path source = Files.createTempDirectory("toy").resolve("Factory.java");
    Files.writeString(source, SOURCE);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of(
            "-d",
            classes.toString(),
            "-cp",
            Path.of(Block.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString());
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      if (!compiled) {
        throw new IllegalStateException(messages.toString());
      }
    }
  }

  /** Saves parameters, as the model's authors do. */
  public void save(float[] weights, String... arguments) throws Exception {
    URL[] classes = {folder.resolve("classes").toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes);
        Model model = Model.newInstance("toy", Device.cpu(), TorchEngine.NAME)) {
      BlockFactory factory =
          (BlockFactory) loader.loadClass("toy.Factory").getDeclaredConstructor().newInstance();
      Block block =
          factory.newBlock(
              model, folder, arguments.length == 0 ? Map.of() : Map.of(arguments[0], true));
      block.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3), new Shape(1, 3));
      NDArray words = block.getParameters().get("words").getArray();
      words.set(weights);
      model.setBlock(block);
      model.setProperty("Epoch", "0");
      model.save(folder, String.valueOf(folder.getFileName()));
    }
  }

  /** Replaces {@code serving.properties}. */
  public void properties(String text) throws Exception {
    Files.writeString(folder.resolve("serving.properties"), text);
  }

  /** The file of parameters. */
  public Path parameters() {
    return folder.resolve(folder.getFileName() + "-0000.params");
  }

  /** What the agent makes the model's digest of: what the block of an application saves. */
  public byte[] saved() throws Exception {
    try (Model model = BlockFolder.load(folder)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      model.getBlock().saveParameters(new DataOutputStream(bytes));
      return bytes.toByteArray();
    }
  }

  /** The folder. */
  public Path path() {
    return folder;
  }
}
