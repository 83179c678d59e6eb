package io.innerspan.djl.torchscript;

import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.archive.ScriptArchive;
import io.innerspan.signals.HookPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds where an archive's model turns token ids into vectors. */
public final class EmbeddingSite {
  private static final String LOOK_UP = "torch.embedding(";

  /** Embeddings of something else than the tokens themselves. */
  private static final Pattern OTHER =
      Pattern.compile(".*(position|type|segment|pos_|_pos|lang).*", Pattern.CASE_INSENSITIVE);

  private static final int DEEPEST = 64;

  /**
   * The module that embeds tokens.
   *
   * @throws ArchiveRefusedException when there is none, or more than one
   */
  public static HookPoint of(Path archive) throws IOException, ArchiveRefusedException {
    try (ScriptArchive opened = ScriptArchive.open(archive)) {
      List<String> found = new ArrayList<>();
      collect(ScriptModel.of(opened).root(), 0, found);
      List<String> tokens = found.stream().filter(path -> !OTHER.matcher(path).matches()).toList();
      if (tokens.size() == 1) {
        return new HookPoint(tokens.get(0));
      }
      throw new ArchiveRefusedException(
          ArchiveRefusedException.Reason.UNSUPPORTED,
          archive.getFileName() + ": expected one module that embeds tokens, found " + found);
    }
  }

  private static void collect(Module module, int depth, List<String> found) {
    ScriptMethod forward = module.forward();
    if (forward != null
        && !module.path().names().isEmpty()
        && forward.body().stream().anyMatch(line -> line.contains(LOOK_UP))) {
      found.add(module.path().toString());
    }
    if (depth < DEEPEST) {
      module.type().modules().keySet().stream()
          .sorted()
          .map(module::child)
          .forEach(
              child -> {
                if (child != null) {
                  collect(child, depth + 1, found);
                }
              });
    }
  }

  private EmbeddingSite() {}
}
