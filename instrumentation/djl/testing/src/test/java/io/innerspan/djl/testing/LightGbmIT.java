package io.innerspan.djl.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Trees, whose engine gives the probabilities of all rows of a batch as one. */
class LightGbmIT extends TabularTests {
  /** DJL's engine has room for so many answers to a row, and writes more beyond it. */
  private static final int CLASSES = 2;

  LightGbmIT() {
    super("LightGBM", CLASSES);
  }

  @Override
  Stream<Djl> versions() {
    return Djl.with("lightgbm");
  }

  @Override
  Path write(Path folder) throws IOException {
    Files.writeString(folder.resolve("tabular.json"), "{\"columns\":\"what they mean\"}");
    return Files.writeString(
        folder.resolve("tabular.txt"),
        LightGbmModel.text(Split.ONE_FOR_EACH_CLASS.subList(0, CLASSES), FEATURES));
  }
}
