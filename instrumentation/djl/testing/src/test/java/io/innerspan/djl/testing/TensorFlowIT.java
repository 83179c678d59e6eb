package io.innerspan.djl.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A graph that gives logits. The engine has 100 MB: it is not among those of every build. */
@EnabledIfSystemProperty(named = "innerspan.djl.matrix", matches = ".*")
class TensorFlowIT extends TabularTests {
  private static final float[][] WEIGHTS = {
    {-0.5f, 0.25f, 0}, {1, 2, -0.5f}, {-0.5f, 0.25f, 0.25f}
  };

  TensorFlowIT() {
    super("TensorFlow", WEIGHTS[0].length);
  }

  @Override
  Stream<Djl> versions() {
    return Djl.with("tensorflow-engine");
  }

  @Override
  Path write(Path folder) throws IOException {
    Files.writeString(folder.resolve("tabular.txt"), "what the columns mean");
    return SavedModel.write(folder.resolve("tabular"), WEIGHTS);
  }
}
