package io.innerspan.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * The models that one JVM opens side by side, and their packs. All compute the same; the names of
 * their axes tell them apart, so that each has a structure, and a pack, of its own.
 *
 * @param original the model
 * @param folder of what is made, for nothing else
 */
record SessionFiles(Path original, Path folder) {

  /** Makes the models, and packs for those that have one. */
  void write(Collection<Configuration> configurations) throws Exception {
    Files.createDirectories(packs());
    for (Configuration configuration : configurations) {
      RenamedModel.write(original, "_" + configuration.model(), model(configuration));
      if (configuration.hasPack()) {
        Progress.say("making a pack: " + configuration.label());
        SignalSet signals = configuration.signals();
        RandomPack.write(
            pack(configuration),
            model(configuration),
            signals == null ? RandomProbes.of(configuration.probes()) : RandomSignals.of(signals));
      }
    }
  }

  Path model(Configuration configuration) {
    return folder.resolve(configuration.model() + ".onnx");
  }

  /** The folder of all packs. */
  Path packs() {
    return folder.resolve("packs");
  }

  Path pack(Configuration configuration) {
    return packs().resolve(configuration.label());
  }
}
