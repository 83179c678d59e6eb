package io.innerspan.workbench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** all-MiniLM-L6-v2 as LangChain4j ships it: 6 layers, 384 wide, post-LN. */
public final class MiniLm {
  private static final Path FOLDER = Path.of("target", "minilm");

  /** The model's file. */
  public static Path model() {
    return file("all-minilm-l6-v2.onnx");
  }

  /** The tokenizer's file; it truncates at 128 tokens. */
  public static Path tokenizer() {
    return file("all-minilm-l6-v2-tokenizer.json");
  }

  private static synchronized Path file(String resource) {
    Path file = FOLDER.resolve(resource);
    if (Files.exists(file)) {
      return file;
    }
    try (InputStream in = MiniLm.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + resource);
      }
      Files.createDirectories(FOLDER);
      Path partial = Files.createTempFile(FOLDER, "copy", ".part");
      Files.write(partial, in.readAllBytes());
      return Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE); // Other tests may as well.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private MiniLm() {}
}
