package io.innerspan.workbench.html;

import io.innerspan.workbench.features.Example;
import io.innerspan.workbench.features.Feature;
import io.innerspan.workbench.features.FeatureDatabase;
import io.innerspan.workbench.features.Label;
import io.innerspan.workbench.features.Neighbour;
import io.innerspan.workbench.features.VersionInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A version of a dictionary as one HTML file. */
public final class FeatureReport {
  private static final int EXAMPLES = 8;

  /** The report of at most {@code limit} features. */
  public static String of(FeatureDatabase database, VersionInfo version, int limit) {
    List<Feature> features = database.features(version.name());
    List<List<Label>> labels = new ArrayList<>();
    for (Feature feature : features) {
      labels.add(database.labelsOf(feature.id()));
    }
    Html html = new Html("Features at " + version.hookPoint() + ", version " + version.name());
    long alive = features.stream().filter(feature -> feature.active() > 0).count();
    html.note(
        String.format(
            Locale.ROOT,
            "%d features of %s, %d of them active on %d tokens. Pack %s, model %s.",
            version.features(),
            version.modelName(),
            alive,
            version.tokens(),
            version.packDigest(),
            version.modelSha256()));
    html.raw(densities(features));
    List<Feature> shown = new ArrayList<>(features);
    shown.sort(
        Comparator.comparing((Feature feature) -> labels.get(feature.index()).isEmpty())
            .thenComparing(Comparator.comparingLong(Feature::active).reversed())
            .thenComparing(Feature::index));
    int count = (int) Math.min(limit, Math.max(1, alive));
    html.heading(count + " features: labelled ones first, then those active most often");
    html.note(
        "The stronger a token's colour, the closer its activation to the feature's greatest."
            + " 'Nearest' are those with the most similar decoder rows.");
    boolean open = true;
    for (Feature feature : shown.subList(0, Math.min(count, shown.size()))) {
      html.raw(feature(feature, labels.get(feature.index()), open));
      open = false;
    }
    return html.end();
  }

  private static String densities(List<Feature> features) {
    List<String> categories = new ArrayList<>();
    List<Double> counts = new ArrayList<>();
    categories.add("never");
    counts.add((double) features.stream().filter(feature -> feature.active() == 0).count());
    for (int decade = -6; decade < 0; decade++) {
      double from = decade == -6 ? 0 : Math.pow(10, decade);
      double to = decade == -1 ? 2 : Math.pow(10, decade + 1);
      categories.add(decade == -6 ? "< 1e-5" : "1e" + decade);
      counts.add(
          (double)
              features.stream()
                  .filter(each -> each.active() > 0 && each.density() >= from)
                  .filter(each -> each.density() < to)
                  .count());
    }
    return Charts.bars(
        "Features by density",
        "share of tokens, from",
        "features",
        categories,
        Map.of("features", counts));
  }

  private static String feature(Feature feature, List<Label> labels, boolean open) {
    StringBuilder out = new StringBuilder("<details id=\"" + feature.index() + "\"");
    out.append(open ? " open" : "").append("><summary><b>");
    out.append(feature.index()).append("</b> ");
    for (Label label : labels) {
      out.append(Html.escape(label.text())).append(" · ");
    }
    out.append(
        String.format(
            Locale.ROOT,
            "%.3g %% of tokens, greatest %.3f, <code>%s</code></summary>%n",
            100 * feature.density(),
            feature.max(),
            feature.id()));
    neighbours(out, "Nearest", feature.nearest());
    neighbours(out, "Active together with", feature.together());
    out.append(histogram(feature));
    for (Example example :
        feature.examples().subList(0, Math.min(EXAMPLES, feature.examples().size()))) {
      out.append("<div class=\"example\">").append(highlighted(example, feature.max()));
      out.append("</div>\n");
    }
    return out.append("</details>").toString();
  }

  private static void neighbours(StringBuilder out, String what, List<Neighbour> neighbours) {
    if (!neighbours.isEmpty()) {
      out.append("<p class=\"note\">").append(what).append(':');
      for (Neighbour each : neighbours) {
        out.append(
            String.format(
                Locale.ROOT,
                " <a href=\"#%d\">%d</a> (%.2f)",
                each.feature(),
                each.feature(),
                each.strength()));
      }
      out.append("</p>\n");
    }
  }

  private static String histogram(Feature feature) {
    if (feature.histogram().isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("<p class=\"note\">Activations:");
    feature
        .histogram()
        .forEach(
            (bin, count) ->
                out.append(String.format(Locale.ROOT, " %.2f–: %d", Feature.binStart(bin), count)));
    return out.append("</p>\n").toString();
  }

  private static String highlighted(Example example, double max) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (Example.ActiveToken token : example.tokens()) {
      if (token.begin() >= at && token.end() > token.begin()) {
        out.append(Html.escape(example.text().substring(at, token.begin())));
        double strength = max <= 0 ? 0 : Math.min(1, token.activation() / max);
        out.append(
            String.format(
                Locale.ROOT,
                "<mark style=\"--a:%.2f\" title=\"%.3f\">",
                0.15 + 0.85 * strength,
                token.activation()));
        out.append(Html.escape(example.text().substring(token.begin(), token.end())));
        out.append("</mark>");
        at = token.end();
      }
    }
    return out.append(Html.escape(example.text().substring(at))).toString();
  }

  private FeatureReport() {}
}
