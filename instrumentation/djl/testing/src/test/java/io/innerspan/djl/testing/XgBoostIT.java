package io.innerspan.djl.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Trees, whose engine gives the probabilities of all rows of a batch as one. */
class XgBoostIT extends TabularTests {
  XgBoostIT() {
    super("XGBoost", Split.ONE_FOR_EACH_CLASS.size());
  }

  @Override
  Stream<Djl> versions() {
    return Djl.with("xgboost");
  }

  @Override
  Path write(Path folder) throws IOException {
    Files.writeString(folder.resolve("tabular.txt"), "what the columns mean");
    return Files.writeString(
        folder.resolve("tabular.json"), XgBoostModel.json(Split.ONE_FOR_EACH_CLASS));
  }
}
