package io.innerspan.onnxruntime.graft;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiles interventions into a model: activation patching, ablation and steering, as inputs of the
 * session.
 *
 * <p>The node that computes a site's tensor puts it out under another name of the same length,
 * which is a change of a few bytes in place; appended nodes make the old name from it and the added
 * inputs. So every consumer, subgraphs and the model's outputs among them, sees the changed
 * activation.
 */
public final class InterventionCompiler {
  private InterventionCompiler() {}

  /**
   * Compiles sites; one that the model has not is refused with a reason and the others stay.
   * Several sites on one tensor act in the order of the list.
   *
   * @throws IllegalArgumentException when a site is named twice
   */
  public static InterventionGraph compile(OnnxModel model, List<Site> sites) {
    Map<Site, SiteTarget> targets = new LinkedHashMap<>();
    Map<Site, String> refusals = new LinkedHashMap<>();
    Map<String, String> renamed = new LinkedHashMap<>();
    SiteFinder finder = new SiteFinder(model);
    SpareNames names = new SpareNames(model.graph());
    for (Site site : sites) {
      if (targets.containsKey(site) || refusals.containsKey(site)) {
        throw new IllegalArgumentException(site + ": named twice");
      }
      SiteTarget target = finder.find(site.hookPoint());
      String refusal = refusal(model, site, target, finder);
      if (refusal == null && target != null) {
        String name = renamed.computeIfAbsent(target.tensor().name(), names::of);
        refusal = name == null ? "no other name of the same length is free" : null;
      }
      if (refusal == null && target != null) {
        targets.put(site, target);
      } else {
        refusals.put(site, String.valueOf(refusal));
      }
    }
    return graph(targets, refusals, renamed);
  }

  private static @Nullable String refusal(
      OnnxModel model, Site site, @Nullable SiteTarget target, SiteFinder finder) {
    if (model.opset() < Admission.MIN_OPSET) {
      return "expected operator set "
          + Admission.MIN_OPSET
          + " or newer, the model has "
          + model.opset();
    }
    return target == null
        ? model.missing(site.hookPoint())
        : finder.refusal(site.hookPoint(), target);
  }

  private static InterventionGraph graph(
      Map<Site, SiteTarget> targets, Map<Site, String> refusals, Map<String, String> renamed) {
    InterventionNodes nodes = new InterventionNodes();
    Map<Site, SiteControls> controls = new LinkedHashMap<>();
    Map<String, List<List<String>>> byTensor = new LinkedHashMap<>();
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    targets.forEach(
        (site, target) -> {
          TensorInfo tensor = target.tensor();
          List<String> inputs = nodes.inputs(controls.size(), site.edit(), tensor);
          controls.put(site, new SiteControls(site, target, inputs));
          tensors.put(tensor.name(), tensor);
          byTensor.computeIfAbsent(tensor.name(), any -> new ArrayList<>()).add(inputs);
        });
    tensors.forEach(
        (name, tensor) ->
            nodes.recreate(
                tensor, String.valueOf(renamed.get(name)), byTensor.getOrDefault(name, List.of())));
    byte[] overlay = targets.isEmpty() ? new byte[0] : nodes.bytes();
    return new InterventionGraph(renamed, overlay, Collections.unmodifiableMap(controls), refusals);
  }
}
