package io.innerspan.workbench;

import io.innerspan.workbench.features.FeatureDatabase;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dictionary, and which version of it. */
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class DictionaryOptions {
  @Option(
      names = "--dictionary",
      required = true,
      paramLabel = "FILE",
      description = "The dictionary that 'features build' wrote.")
  private Path file;

  @Option(
      names = "--version-name",
      paramLabel = "V",
      description = "Which version; needed when there are several.")
  private @Nullable String version;

  FeatureDatabase open() {
    return FeatureDatabase.open(file);
  }

  @Nullable String version() {
    return version;
  }

  Path file() {
    return file;
  }
}
