package io.innerspan.djl.testing.app;

import ai.djl.Model;

/** Prints the digests of the blocks that other applications have. */
final class DigestApp {
  public static void main(String[] arguments) throws Exception {
    for (float weight : ReadingApp.WEIGHTS) {
      try (Model model = ReadingApp.imperativeModel("imperative", weight)) {
        System.out.println(ReadingApp.digest(model.getBlock()));
      }
    }
    try (Model model = Predictions.model("streaming", new CountingBlock())) {
      System.out.println(ReadingApp.digest(model.getBlock()));
    }
    try (Model model = ThreadsApp.blocks()) {
      System.out.println(ReadingApp.digest(model.getBlock()));
    }
  }

  private DigestApp() {}
}
