package io.innerspan.djl.torchscript;

import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.archive.ScriptArchive;
import io.innerspan.djl.torchscript.Variants.Tapping;
import io.innerspan.signals.HookPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Adds to an archive methods that start within the model: one gives what a module gives, one runs
 * the model with another tensor in its place. The methods that were there stay as they are.
 */
public final class ScriptPatcher {
  /**
   * The method that gives a module's output for the inputs of forward: what DJL takes as the name
   * of an input to select it.
   */
  public static final String ACTIVATION = "module_method:" + ScriptNames.PREFIX + "activation";

  /**
   * The method that takes a tensor before the inputs of forward, and gives what forward would give
   * if the module had given that tensor. The module itself is not run.
   */
  public static final String PATCHED = "module_method:" + ScriptNames.PREFIX + "patched";

  private static final int TAP = 0;

  /**
   * Rewrites an archive.
   *
   * @param archive the original, which is only read
   * @param target the file to write
   * @param at a module that gives one tensor: its path, or TransformerLens' name for its place
   * @throws ArchiveRefusedException when the archive is none or not understood, or has no such
   *     module
   */
  public static void rewrite(Path archive, Path target, HookPoint at)
      throws IOException, ArchiveRefusedException {
    try (ScriptArchive original = ScriptArchive.open(archive)) {
      ScriptModel model = ScriptModel.of(original);
      Module root = model.root();
      Module module = new Sites(root, Signature.of(model.forward())).module(at);
      ScriptMethod forward = module == null ? null : module.forward();
      if (module == null || forward == null || !forward.returns().equals("Tensor")) {
        throw Sites.refused(archive, at, forward == null ? "none" : forward.returns());
      }
      Map<ModulePath, Integer> taps = Map.of(module.path(), TAP);
      Variants reading = new Variants(taps, model.tapping(), "");
      Variants replacing = new Variants(taps, Tapping.REPLACE, "patched_");
      String read = reading.of(root, "forward");
      String replaced = replacing.of(root, "forward");
      if (read == null || replaced == null || reading.reached().isEmpty()) {
        throw Sites.refused(archive, at, "one that forward does not call");
      }
      model.write(
          target,
          List.of(reading.methods(), replacing.methods()),
          List.of(
              head(model, "activation", "", "Tensor"),
              sink(),
              "    innerspan_out = " + call(model, read),
              "    return " + ScriptNames.SINK + "[" + TAP + "]",
              head(model, "patched", "innerspan_value: Tensor", model.forward().returns()),
              sink(),
              "    torch._set_item(" + ScriptNames.SINK + ", " + TAP + ", innerspan_value)",
              "    return " + call(model, replaced)));
    }
  }

  private static String head(ScriptModel model, String name, String first, String returns) {
    return model
        .forward()
        .head(ScriptNames.PREFIX + name, model.root().type().name(), first, returns);
  }

  private static String sink() {
    return "    " + ScriptNames.SINK + " = annotate(Dict[int, Tensor], {})";
  }

  private static String call(ScriptModel model, String variant) {
    return Signature.of(model.forward()).parameters().stream()
        .map(parameter -> parameter.name() + ", ")
        .collect(Collectors.joining("", "(self)." + variant + "(" + ScriptNames.SINK + ", ", ")"));
  }

  private ScriptPatcher() {}
}
