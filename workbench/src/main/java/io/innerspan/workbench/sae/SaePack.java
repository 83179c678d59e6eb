package io.innerspan.workbench.sae;

import io.innerspan.signals.FeatureDictionary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.TokenizerIdentity;
import io.innerspan.workbench.data.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pack with an autoencoder.
 *
 * @param path where it lies
 * @param pack the pack
 * @param signal its signal
 */
public record SaePack(Path path, ProbePack pack, SaeFeatures signal) {
  private static final int TOP = 10;

  /**
   * Reads a pack.
   *
   * @param id of the signal, or null for the only one
   */
  public static SaePack read(Path path, @Nullable String id) throws PackException {
    ProbePack pack = PackReader.read(path);
    List<SaeFeatures> found = new ArrayList<>();
    for (var signal : pack.signals()) {
      if (signal instanceof SaeFeatures features && (id == null || id.equals(features.id()))) {
        found.add(features);
      }
    }
    if (found.size() != 1) {
      throw BadInput.in(
          path,
          id == null
              ? "one signal sae_features (or --signal ID)"
              : "a signal sae_features '" + id + "'",
          found.size()
              + " such signals among "
              + pack.signals().stream().map(s -> s.id()).toList());
    }
    return new SaePack(path, pack, found.get(0));
  }

  /** A pack, or every pack right below a folder, as {@code sae train} writes them. */
  public static List<SaePack> readAll(Path path, @Nullable String id) throws IOException {
    boolean pack = !Files.isDirectory(path) || Files.exists(path.resolve("probe.json"));
    if (pack) {
      return List.of(read(path, id));
    }
    List<Path> folders;
    try (Stream<Path> entries = Files.list(path)) {
      folders =
          entries.filter(entry -> Files.exists(entry.resolve("probe.json"))).sorted().toList();
    }
    if (folders.isEmpty()) {
      throw BadInput.in(path, "a pack, or a folder of packs", "neither");
    }
    List<SaePack> packs = new ArrayList<>();
    for (Path folder : folders) {
      packs.add(read(folder, id));
    }
    return packs;
  }

  /** A signal of an autoencoder's strongest features over all tokens that take part. */
  public static SaeFeatures signal(
      String id, HookPoint hookPoint, TokenSelection tokens, Sae sae, FeatureDictionary names) {
    int top = Math.min(TOP, sae.features());
    return new SaeFeatures(
        id, hookPoint, tokens, sae, SaeFeatures.Scope.TOKENS, top, List.of(), names);
  }

  /** Writes a pack of one signal. */
  public static ProbePack write(
      Path folder,
      String name,
      String version,
      String licence,
      ModelIdentity model,
      @Nullable TokenizerIdentity tokenizer,
      SaeFeatures signal,
      List<GoldenInput> golden)
      throws PackException {
    var builder = ProbePack.builder(name, version, licence, model).signal(signal);
    if (tokenizer != null) {
      builder.tokenizer(tokenizer);
    }
    golden.forEach(builder::goldenInput);
    return PackWriter.write(folder, builder.build());
  }
}
