package io.innerspan.djl.testing.app;

import ai.djl.Model;

/** Prints the digest of the block that other applications have. */
final class DigestApp {
  public static void main(String[] arguments) throws Exception {
    try (Model model = ReadingApp.imperativeModel()) {
      System.out.println(ReadingApp.digest(model.getBlock()));
    }
  }

  private DigestApp() {}
}
