package io.innerspan.examples.quickstart.driver;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that a run needs.
 *
 * @param example what is run
 * @param agent the agent's jar
 * @param packs the folder with probe packs
 * @param service the service's jar, which names its libraries itself
 * @param files what the service is given after its port
 */
record Installation(
    ExampleService example, Path agent, Path packs, Path service, List<Path> files) {
  /**
   * Finds the files in the source tree's build output.
   *
   * @param root the root of the source tree
   * @throws Failure when one is missing
   */
  static Installation find(Path root, ExampleService example, Options options) {
    Path agent = options.agent() != null ? options.agent() : BuiltAgent.in(root);
    Path packs = options.packs() != null ? options.packs() : root.resolve(example.packs());
    return new Installation(
        example,
        existing("the agent's jar", agent),
        existing("the folder of probe packs", packs),
        existing("the service's jar", root.resolve(example.jar())),
        example.files().stream()
            .map(file -> existing("what the service reads", root.resolve(file)))
            .toList());
  }

  /** The service's command line with its port. */
  String[] arguments(String port) {
    return Stream.concat(Stream.of(port), files.stream().map(Path::toString))
        .toArray(String[]::new);
  }

  private static Path existing(String what, Path path) {
    if (!Files.exists(path)) {
      throw Failure.run(what + " is not there: " + path);
    }
    return path;
  }
}
