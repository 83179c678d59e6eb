package io.innerspan.workbench.train;

import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.model.LayerSite;
import io.innerspan.workbench.model.TextModel;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where probes are tried.
 *
 * @param sites in every layer
 * @param hookPoints besides; with neither these nor sites every layer's output, or what the store
 *     holds
 * @param store of the activations, or null to run the model
 */
public record Places(List<LayerSite> sites, List<HookPoint> hookPoints, @Nullable Path store) {
  /** Every layer's output. */
  public static final Places DEFAULT = new Places(List.of(), List.of(), null);

  public Places {
    sites = List.copyOf(sites);
    hookPoints = List.copyOf(hookPoints);
  }

  /** The places in a model, each once. */
  List<HookPoint> of(TextModel model) {
    if (sites.isEmpty() && hookPoints.isEmpty()) {
      return model.layerOutputs();
    }
    Set<HookPoint> places = new LinkedHashSet<>();
    sites.forEach(site -> places.addAll(model.places(site)));
    places.addAll(hookPoints);
    return List.copyOf(places);
  }

  /** The options of the command, each after a blank. */
  String words() {
    StringBuilder words = new StringBuilder();
    sites.forEach(site -> words.append(" --site ").append(site.label()));
    hookPoints.forEach(place -> words.append(" --hook-point ").append(Words.quoted(place.name())));
    if (store != null) {
      words.append(" --store ").append(Words.quoted(String.valueOf(store.getFileName())));
    }
    return words.toString();
  }
}
