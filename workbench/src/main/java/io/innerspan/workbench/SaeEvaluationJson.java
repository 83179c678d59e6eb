package io.innerspan.workbench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.innerspan.workbench.sae.LossRecovered;
import io.innerspan.workbench.sae.SaeEvaluation;
import io.innerspan.workbench.sae.SeedResult;
import io.innerspan.workbench.sae.SparseProbing;
import io.innerspan.workbench.stats.Interval;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What {@code sae evaluate --json} prints. Numbers that are not finite are null. */
final class SaeEvaluationJson {
  static JsonObject of(SaeEvaluation evaluation) {
    JsonObject object = new JsonObject();
    object.addProperty("hook_point", evaluation.hookPoint());
    object.addProperty("features", evaluation.features());
    JsonObject mean = new JsonObject();
    mean.add("explained_variance", number(evaluation.mean(seed -> seed.heldOut().explained())));
    mean.add("cosine", number(evaluation.mean(seed -> seed.heldOut().cosine())));
    mean.add("l0", number(evaluation.mean(SeedResult::l0)));
    mean.add("alive", number(evaluation.mean(SeedResult::alive)));
    mean.add(
        "loss_recovered",
        number(
            evaluation.mean(
                seed -> seed.loss() == null ? Double.NaN : seed.loss().recoveredFromMean())));
    object.add("mean", mean);
    object.add("seeds", results(evaluation.seeds()));
    object.addProperty("enough_seeds", evaluation.enoughSeeds());
    object.add("controls", controls(evaluation.controls()));
    JsonArray agreement = new JsonArray();
    for (SaeEvaluation.Agreement each : evaluation.agreement()) {
      JsonObject pair = new JsonObject();
      pair.addProperty("first", each.first());
      pair.addProperty("second", each.second());
      pair.add("mean_max_cosine", number(each.mean()));
      pair.add("share_above_0_7", number(each.above()));
      agreement.add(pair);
    }
    object.add("agreement", agreement);
    object.addProperty("positive", evaluation.positive());
    object.addProperty("test_texts", evaluation.testTexts());
    object.add("probing_above_untrained", above(evaluation));
    return object;
  }

  private static JsonElement above(SaeEvaluation evaluation) {
    if (evaluation.aboveUntrained().isEmpty()) {
      return JsonNull.INSTANCE;
    }
    JsonObject object = new JsonObject();
    evaluation.aboveUntrained().forEach((k, above) -> interval(object, "auroc_k" + k, above));
    return object;
  }

  /** Each control's mean, with the spread and its draws. */
  private static JsonArray controls(List<SaeEvaluation.Control> controls) {
    JsonArray array = new JsonArray();
    for (SaeEvaluation.Control control : controls) {
      JsonObject object = result(control.mean());
      ToDoubleFunction<SeedResult> explained = draw -> draw.heldOut().explained();
      object.add("explained_variance_least", number(control.least(explained)));
      object.add("explained_variance_greatest", number(control.greatest(explained)));
      object.add("draws", results(control.draws()));
      array.add(object);
    }
    return array;
  }

  private static JsonArray results(List<SeedResult> results) {
    JsonArray array = new JsonArray();
    results.forEach(result -> array.add(result(result)));
    return array;
  }

  private static JsonObject result(SeedResult result) {
    JsonObject object = new JsonObject();
    object.addProperty("name", result.name());
    object.add("explained_variance", number(result.heldOut().explained()));
    object.add("cosine", number(result.heldOut().cosine()));
    object.addProperty("held_out_tokens", result.heldOut().rows());
    object.add("l0", number(result.l0()));
    object.add("alive", number(result.alive()));
    object.add("loss", loss(result.loss()));
    object.add("sparse_probing", probing(result.probing()));
    return object;
  }

  private static JsonElement loss(@Nullable LossRecovered loss) {
    if (loss == null) {
      return JsonNull.INSTANCE;
    }
    JsonObject object = new JsonObject();
    object.addProperty("measure", loss.measure().name().toLowerCase(Locale.ROOT));
    object.addProperty("texts", loss.texts());
    object.add("original", number(loss.original()));
    object.add("reconstructed", number(loss.reconstructed()));
    object.add("mean_ablated", number(loss.mean()));
    object.add("zero_ablated", number(loss.zero()));
    object.add("recovered", number(loss.recoveredFromMean()));
    object.add("recovered_from_zero", number(loss.recoveredFromZero()));
    return object;
  }

  private static JsonElement probing(@Nullable SparseProbing probing) {
    if (probing == null) {
      return JsonNull.INSTANCE;
    }
    JsonObject object = new JsonObject();
    probing.auroc().forEach((k, auroc) -> interval(object, "auroc_k" + k, auroc));
    object.addProperty("best_feature", probing.best());
    interval(object, "auroc_all", probing.all());
    return object;
  }

  private static void interval(JsonObject object, String name, Interval interval) {
    object.add(name, number(interval.value()));
    object.add(name + "_low", number(interval.low()));
    object.add(name + "_high", number(interval.high()));
  }

  private static JsonElement number(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
  }

  private SaeEvaluationJson() {}
}
