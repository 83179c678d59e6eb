package io.innerspan.djl.torchscript;

import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.archive.ScriptArchive;
import io.innerspan.djl.torchscript.Variants.Tapping;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An archive whose code is understood, to which methods can be added.
 *
 * @param archive the original, open
 * @param code its classes
 * @param root its root module
 * @param forward the root's method
 */
record ScriptModel(ScriptArchive archive, ScriptCode code, Module root, ScriptMethod forward) {
  static ScriptModel of(ScriptArchive archive) throws ArchiveRefusedException {
    ScriptCode code = new ScriptCode(archive.sources());
    ScriptClass type = code.classes().get(archive.rootClass());
    ScriptMethod forward = type == null ? null : type.methods().get("forward");
    if (type == null || forward == null) {
      throw refused(archive, "expected a module with forward, found none");
    }
    if (code.contains(ScriptNames.PREFIX)) {
      throw refused(archive, "expected an original, found an archive that was rewritten");
    }
    Module root = new Module(ModulePath.ROOT, type, code.classes());
    return new ScriptModel(archive, code, root, forward);
  }

  private static ArchiveRefusedException refused(ScriptArchive archive, String detail) {
    return new ArchiveRefusedException(
        ArchiveRefusedException.Reason.UNSUPPORTED, archive + ": " + detail);
  }

  /** How modules must be read. */
  Tapping tapping() {
    return code.changesInPlace() ? Tapping.READ_COPY : Tapping.READ;
  }

  /**
   * Writes the archive with methods added.
   *
   * @param variants lines of methods by class
   * @param ofRoot lines of methods of the root's class
   */
  void write(Path target, List<Map<String, List<String>>> variants, List<String> ofRoot)
      throws IOException, ArchiveRefusedException {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (Map<String, List<String>> some : variants) {
      some.forEach(
          (type, lines) -> all.computeIfAbsent(type, any -> new ArrayList<>()).addAll(lines));
    }
    // A method stands after those that it calls.
    all.computeIfAbsent(root.type().name(), any -> new ArrayList<>()).addAll(ofRoot);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
      archive.copy(out, code.with(all));
    }
  }
}
