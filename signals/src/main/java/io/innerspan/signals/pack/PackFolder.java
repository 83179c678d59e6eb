package io.innerspan.signals.pack;

import io.innerspan.signals.Signal;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a folder of packs holds: its folders and its files that end in {@code .zip}, but for those
 * whose name begins with a dot. A folder or zip that is a pack itself holds that one. A bad pack
 * never hides a good one.
 *
 * @param packs the packs that are right, in the order of their files' names
 * @param refusals one error for each that is not, in the same order
 * @param certificates those of the packs that are right
 * @param certificateRefusals one error for each certificate that is not used; its pack is
 */
public record PackFolder(
    List<ProbePack> packs,
    List<PackException> refusals,
    List<Certificate> certificates,
    List<PackException> certificateRefusals) {
  /** Nothing at all. */
  public static final PackFolder EMPTY = new PackFolder(List.of(), List.of(), List.of(), List.of());

  public PackFolder {
    packs = List.copyOf(packs);
    refusals = List.copyOf(refusals);
    certificates = List.copyOf(certificates);
    certificateRefusals = List.copyOf(certificateRefusals);
  }

  /**
   * Reads every pack of a folder. A pack with a signal id that an earlier one has is refused. A
   * folder that cannot be read gives a single refusal.
   */
  public static PackFolder scan(Path folder) {
    List<ProbePack> packs = new ArrayList<>();
    List<PackException> refusals = new ArrayList<>();
    List<Certificate> certificates = new ArrayList<>();
    List<PackException> certificateRefusals = new ArrayList<>();
    try {
      Map<String, String> owners = new HashMap<>();
      for (Path candidate : candidates(folder)) {
        try {
          ProbePack pack = claim(PackReader.read(candidate), candidate, owners);
          packs.add(pack);
          PackCertificates found = PackCertificates.read(candidate, pack);
          certificates.addAll(found.certificates());
          certificateRefusals.addAll(found.refusals());
        } catch (PackException e) {
          refusals.add(e);
        }
      }
    } catch (PackException e) {
      refusals.add(e);
    }
    return new PackFolder(packs, refusals, certificates, certificateRefusals);
  }

  /** Links are followed here, and only here: mounted configuration consists of them. */
  private static List<Path> candidates(Path folder) throws PackException {
    if (Files.exists(folder.resolve(PackImage.MANIFEST))
        || (PackWriter.isZip(folder) && Files.isRegularFile(folder))) {
      return List.of(folder);
    }
    List<Path> candidates = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        boolean hidden = child.getFileName().toString().startsWith(".");
        if (!hidden && (Files.isDirectory(child) || PackWriter.isZip(child))) {
          candidates.add(child);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new PackException(folder.toString(), "folder", "a readable folder", e);
    }
    candidates.sort(Comparator.comparing(child -> child.getFileName().toString()));
    return candidates;
  }

  private static ProbePack claim(ProbePack pack, Path place, Map<String, String> owners)
      throws PackException {
    String name = "'" + pack.label() + "' (" + place + ")";
    for (Signal signal : pack.signals()) {
      String owner = owners.get(signal.id());
      if (owner != null) {
        throw new PackException(
            PackException.Kind.DUPLICATE_SIGNAL,
            place.toString(),
            PackImage.MANIFEST,
            "signal '" + signal.id() + "' of '" + pack.label() + "'",
            "an id that no other pack claims",
            "it claimed by " + owner);
      }
    }
    pack.signals().forEach(signal -> owners.put(signal.id(), name));
    return pack;
  }
}
