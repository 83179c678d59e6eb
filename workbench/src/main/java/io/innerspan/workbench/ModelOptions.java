package io.innerspan.workbench;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** A model of texts and its tokenizer, as every command names them. */
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class ModelOptions {
  @Option(names = "--model", required = true, paramLabel = "M.onnx", description = "The model.")
  Path file;

  @Option(
      names = "--tokenizer",
      required = true,
      paramLabel = "tokenizer.json",
      description = "The model's tokenizer.")
  Path tokenizer;
}
