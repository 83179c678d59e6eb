package io.innerspan.djl.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.innerspan.djl.Sha256;
import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.archive.ScriptArchive;
import io.innerspan.djl.golden.InputNames;
import io.innerspan.signals.HookPoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Adds to an archive a method that runs the model and gives what chosen modules gave in it. The
 * methods that were there stay as they are.
 *
 * @param inputs how the parameters of forward are called
 * @param ids the parameter that holds token ids, or null
 * @param mask the one that tells real tokens from padding, or null
 * @param places by hook point, the number under which the method gives its activation
 * @param code the SHA-256 of the model's code, without weights, in lowercase hexadecimal
 */
public record ScriptActivations(
    InputNames inputs,
    @Nullable String ids,
    @Nullable String mask,
    Map<HookPoint, Integer> places,
    String code) {
  private static final String METHOD = "module_method:" + ScriptNames.PREFIX + "activations";
  private static final String OUT = ScriptNames.PREFIX + "out";
  private static final String ALL = ScriptNames.PREFIX + "all";

  public ScriptActivations {
    places = Map.copyOf(places);
  }

  /**
   * Rewrites an archive.
   *
   * @param archive the original, which is only read
   * @param target the file to write
   * @param hookPoints modules that give a tensor, or a tuple that begins with one: by their path,
   *     or by TransformerLens' name for the place
   * @throws ArchiveRefusedException when the archive is none or not understood, or forward calls no
   *     such module
   */
  public static ScriptActivations rewrite(Path archive, Path target, List<HookPoint> hookPoints)
      throws IOException, ArchiveRefusedException {
    try (ScriptArchive original = ScriptArchive.open(archive)) {
      ScriptModel model = ScriptModel.of(original);
      Signature signature = Signature.of(model.forward());
      Sites sites = new Sites(model.root(), signature);
      Map<ModulePath, Integer> taps = new LinkedHashMap<>();
      Map<HookPoint, Integer> places = new LinkedHashMap<>();
      for (HookPoint hookPoint : hookPoints) {
        ModulePath path = path(archive, sites, hookPoint);
        taps.putIfAbsent(path, taps.size());
        places.put(hookPoint, taps.get(path));
      }
      Variants variants = new Variants(taps, model.tapping(), "activations_");
      String variant = variants.of(model.root(), "forward");
      for (HookPoint hookPoint : hookPoints) {
        if (!variants.reached().contains(path(archive, sites, hookPoint))) {
          throw Sites.refused(archive, hookPoint, "one that forward does not call");
        }
      }
      if (variant == null) {
        throw new IllegalArgumentException("expected at least one hook point, found none");
      }
      model.write(target, List.of(variants.methods()), method(model, signature, variant, taps));
      return new ScriptActivations(
          signature.inputs(),
          name(signature.ids()),
          name(signature.mask()),
          places,
          digest(original.sources()));
    }
  }

  private static String digest(Map<String, String> sources) throws IOException {
    return Sha256.of(
        out -> {
          for (Map.Entry<String, String> source : new TreeMap<>(sources).entrySet()) {
            out.write((source.getKey() + '\0').getBytes(StandardCharsets.UTF_8));
            out.write((source.getValue() + '\0').getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  private static @Nullable String name(@Nullable ScriptParameter parameter) {
    return parameter == null ? null : parameter.name();
  }

  private static ModulePath path(Path archive, Sites sites, HookPoint hookPoint)
      throws ArchiveRefusedException {
    Module module = sites.module(hookPoint);
    ScriptMethod forward = module == null ? null : module.forward();
    if (module == null || forward == null) {
      throw Sites.refused(archive, hookPoint, sites.absence(hookPoint));
    }
    if (!Sites.isReadable(forward.returns())) {
      throw Sites.refused(archive, hookPoint, "one that gives " + forward.returns());
    }
    return module.path();
  }

  private static List<String> method(
      ScriptModel model, Signature signature, String variant, Map<ModulePath, Integer> taps) {
    String arguments =
        signature.parameters().stream()
            .map(parameter -> parameter.name() + ", ")
            .collect(Collectors.joining());
    List<String> lines = new ArrayList<>();
    lines.add(
        model
            .forward()
            .head(
                ScriptNames.PREFIX + "activations",
                model.root().type().name(),
                "",
                "Dict[str, Tensor]"));
    lines.add("    " + ScriptNames.SINK + " = annotate(Dict[int, Tensor], {})");
    lines.add(
        "    " + OUT + " = (self)." + variant + "(" + ScriptNames.SINK + ", " + arguments + ")");
    lines.add("    " + ALL + " = annotate(Dict[str, Tensor], {})");
    for (int tap : taps.values()) {
      Site site = Site.tap(tap);
      lines.add("    if " + site.key() + ":");
      lines.add(
          "      torch._set_item("
              + ALL
              + ", \""
              + ScriptNames.OUTPUTS
              + tap
              + "\", torch.to("
              + site.value()
              + ", 6))");
      lines.add("    else:");
      lines.add("      pass");
    }
    lines.add("    return " + ALL);
    return lines;
  }

  /** The inputs that make the model run the added method; the selector has the first's manager. */
  public NDList select(NDList inputs) {
    NDList all = new NDList(inputs.size() + 1);
    NDArray selector = inputs.get(0).getManager().create(0f);
    selector.setName(METHOD);
    all.add(selector);
    all.addAll(inputs);
    return all;
  }

  /**
   * The activation at a hook point, of 32-bit floats.
   *
   * @param outputs of the added method
   * @return null when the module was not called for these inputs
   */
  public @Nullable NDArray find(NDList outputs, HookPoint hookPoint) {
    return outputs.get(ScriptNames.OUTPUTS + places.get(hookPoint));
  }
}
