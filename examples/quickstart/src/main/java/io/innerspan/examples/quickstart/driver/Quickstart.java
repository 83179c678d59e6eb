package io.innerspan.examples.quickstart.driver;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The quickstart's command. */
public final class Quickstart {
  private static final Path FOLDER = Path.of("examples", "quickstart");

  private static final ExampleService SERVICE =
      new ExampleService(
          "quickstart",
          "A LangChain4j embedding service",
          "embedding-service",
          "io.innerspan.examples.quickstart.EmbeddingService",
          FOLDER.resolve("target/embedding-service.jar"),
          FOLDER.resolve("pack"),
          "/embed",
          List.of(),
          Map.of(),
          BuiltInTexts.ALL);

  public static void main(String[] args) {
    System.exit(Driver.run(SERVICE, args));
  }

  private Quickstart() {}
}
