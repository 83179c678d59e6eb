package io.innerspan.workbench.torch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.SymbolBlock;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.translate.NoopTranslator;
import io.innerspan.workbench.data.BadInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a model whose blocks are defined in Java, as DJL loads it: {@code
 * NAME-0000.params}, {@code serving.properties} with {@code blockFactory}, and classes in {@code
 * classes/} or jars.
 */
final class BlockFolder {
  private static final String PROPERTIES = "serving.properties";
  private static final String FACTORY = "blockFactory";
  private static final String EXPECTED =
      "a folder with "
          + PROPERTIES
          + " that names a "
          + FACTORY
          + ", the parameters, and the classes in classes/ or jars";

  /**
   * Loads the model. It runs code of the folder.
   *
   * @throws BadInput when DJL finds none
   */
  static Model load(Path folder) throws IOException {
    String factory = factory(folder);
    Model model = null;
    try {
      model =
          Criteria.builder()
              .setTypes(NDList.class, NDList.class)
              .optModelPath(folder)
              .optEngine(TorchEngine.NAME)
              .optDevice(Device.cpu())
              .optTranslator(new NoopTranslator())
              .build()
              .loadModel();
      Block block = model.getBlock();
      if (block instanceof SymbolBlock) {
        throw BadInput.in(
            folder, "a model whose blocks are defined in Java", "one of " + TorchEngine.NAME);
      }
      if (!block.isInitialized()) {
        throw BadInput.in(folder, "parameters that DJL saved for " + factory, "others");
      }
      return model;
    } catch (EOFException e) {
      throw unfit(folder, factory, "fewer");
    } catch (MalformedModelException e) {
      throw unfit(folder, factory, TorchEngine.first(e));
    } catch (ModelNotFoundException | IOException | RuntimeException | LinkageError e) {
      if (model != null) {
        model.close();
      }
      if (e instanceof BadInput bad) {
        throw bad;
      }
      throw BadInput.in(folder, EXPECTED, TorchEngine.first(e));
    }
  }

  private static BadInput unfit(Path folder, String factory, String found) {
    return BadInput.in(folder, "parameters that fit the block of " + factory, found);
  }

  /** The factory's class: DJL would take any that it finds, and here it must be clear which. */
  private static String factory(Path folder) throws IOException {
    Path file = folder.resolve(PROPERTIES);
    if (!Files.isRegularFile(file)) {
      throw BadInput.in(folder, EXPECTED, "no " + PROPERTIES);
    }
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    } catch (IllegalArgumentException e) {
      throw BadInput.in(file, "properties", TorchEngine.first(e));
    }
    @Nullable String factory = properties.getProperty(FACTORY);
    if (factory == null || factory.isBlank()) {
      throw BadInput.in(file, FACTORY + "=CLASS", "no " + FACTORY);
    }
    return factory;
  }

  private BlockFolder() {}
}
