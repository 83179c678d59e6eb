package io.innerspan.workbench.evaluate;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/** What a probe is compared with, as JSON. */
final class ComparisonJson {
  static JsonObject baselines(List<BaselineResult> baselines) {
    JsonObject all = new JsonObject();
    for (BaselineResult baseline : baselines) {
      JsonObject json = new JsonObject();
      json.addProperty("title", baseline.title());
      EvaluationJson.put(json, "auroc", baseline.auroc());
      EvaluationJson.put(json, "pr_auc", baseline.prAuc());
      EvaluationJson.put(json, "difference", baseline.difference());
      json.addProperty("as_good", baseline.asGood());
      JsonArray draws = new JsonArray();
      baseline.draws().forEach(draws::add);
      json.add("draws", draws);
      all.add(baseline.key(), json);
    }
    return all;
  }

  static JsonArray layers(List<LayerCurve.Layer> layers) {
    JsonArray array = new JsonArray();
    for (LayerCurve.Layer layer : layers) {
      JsonObject json = new JsonObject();
      json.addProperty("hook_point", layer.hookPoint());
      json.addProperty("auroc", EvaluationJson.finite(layer.auroc()));
      json.addProperty("accuracy", EvaluationJson.finite(layer.accuracy()));
      array.add(json);
    }
    return array;
  }

  static JsonArray sources(List<CrossSource.Source> sources) {
    JsonArray array = new JsonArray();
    for (CrossSource.Source source : sources) {
      JsonObject json = new JsonObject();
      json.addProperty("source", source.source());
      json.addProperty("rows", source.rows());
      json.addProperty("positive_rows", source.positives());
      json.addProperty("rows_learnt_from", source.taught());
      EvaluationJson.put(json, "auroc", source.probe());
      EvaluationJson.put(json, "refit_auroc", source.refit());
      JsonObject baselines = new JsonObject();
      source.baselines().forEach((key, auroc) -> EvaluationJson.put(baselines, key, auroc));
      json.add("baselines", baselines);
      json.addProperty("best_baseline", source.best());
      EvaluationJson.put(json, "difference_to_best_baseline", source.difference());
      array.add(json);
    }
    return array;
  }

  private ComparisonJson() {}
}
