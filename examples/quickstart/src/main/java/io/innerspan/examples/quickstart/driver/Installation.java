package io.innerspan.examples.quickstart.driver;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files that a run needs.
 *
 * @param agent the agent's jar
 * @param packs the folder with probe packs
 * @param service the service's jar, which names its libraries itself
 */
record Installation(Path agent, Path packs, Path service) {
  /**
   * Finds the files in the source tree's build output.
   *
   * @param root the root of the source tree
   * @throws Failure when one is missing
   */
  static Installation find(Path root, Options options) {
    Path quickstart = root.resolve("examples/quickstart");
    Path agent = options.agent() != null ? options.agent() : BuiltAgent.in(root);
    Path packs = options.packs() != null ? options.packs() : quickstart.resolve("pack");
    return new Installation(
        existing("the agent's jar", agent),
        existing("the folder of probe packs", packs),
        existing("the service's jar", quickstart.resolve("target/embedding-service.jar")));
  }

  private static Path existing(String what, Path path) {
    if (!Files.exists(path)) {
      throw Failure.run(what + " is not there: " + path);
    }
    return path;
  }
}
