package io.innerspan.workbench.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.innerspan.workbench.sae.LossRecovered;
import io.innerspan.workbench.stats.Interval;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A benchmark as one JSON object; numbers that do not exist are null. */
public final class BenchJson {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  /** The object as text. */
  public static String of(BenchResult result) {
    JsonObject json = new JsonObject();
    json.addProperty("data", result.data());
    json.addProperty("data_sha256", result.sha256());
    json.addProperty("model_sha256", result.model());
    json.addProperty("hook_point", result.hookPoint());
    JsonArray concepts = new JsonArray();
    result.concepts().forEach(concepts::add);
    json.add("concepts", concepts);
    json.addProperty("labels_of_too_few_texts", result.left());
    json.addProperty("texts_learnt", result.learnt());
    json.addProperty("texts_tested", result.tested());
    json.addProperty("copies_left_out", result.repeated());
    JsonObject detection = new JsonObject();
    for (Detector detector : Detector.values()) {
      Interval interval = result.detection().get(detector);
      if (interval != null || detector == Detector.PROMPT) {
        JsonObject of = new JsonObject();
        put(of, "auroc", interval);
        of.addProperty("axbench_auroc", detector.paper());
        of.addProperty("comparable", false);
        of.addProperty("why_not_comparable", detector.whyNotComparable());
        detection.add(detector.key(), of);
      }
    }
    json.add("concept_detection", detection);
    JsonArray autoencoders = new JsonArray();
    result.autoencoders().forEach(each -> autoencoders.add(autoencoder(each)));
    json.add("autoencoders", autoencoders);
    JsonArray published = new JsonArray();
    if (!result.autoencoders().isEmpty()) {
      PublishedAutoencoder.ALL.forEach(each -> published.add(published(each)));
    }
    json.add("saebench_autoencoders", published);
    return GSON.toJson(json);
  }

  private static JsonObject autoencoder(BenchResult.Autoencoder each) {
    JsonObject json = new JsonObject();
    json.addProperty("name", each.name());
    json.addProperty("explained_variance", finite(each.explained()));
    json.addProperty("l0", each.l0());
    json.addProperty("alive", each.alive());
    LossRecovered loss = each.loss();
    json.addProperty("loss", loss == null ? null : loss.measure().name().toLowerCase(Locale.ROOT));
    json.addProperty("loss_recovered", loss == null ? null : finite(loss.recoveredFromMean()));
    json.addProperty(
        "loss_recovered_from_zero", loss == null ? null : finite(loss.recoveredFromZero()));
    JsonObject probing = new JsonObject();
    each.probing().forEach((k, auroc) -> put(probing, "auroc_k" + k, auroc));
    json.add("sparse_probing", probing);
    json.addProperty("trained_on_this_data", each.sawTheData());
    return json;
  }

  private static JsonObject published(PublishedAutoencoder each) {
    JsonObject json = new JsonObject();
    json.addProperty("name", each.name());
    json.addProperty("model", each.model());
    json.addProperty("explained_variance", each.explained());
    json.addProperty("l0", each.l0());
    json.addProperty("loss_recovered_from_zero", each.loss());
    JsonObject probing = new JsonObject();
    each.probing().forEach((k, accuracy) -> probing.addProperty("accuracy_k" + k, accuracy));
    json.add("sparse_probing", probing);
    json.addProperty("source", each.source());
    json.addProperty("comparable", false);
    json.addProperty("why_not_comparable", each.whyNotComparable());
    return json;
  }

  private static void put(JsonObject json, String name, @Nullable Interval interval) {
    json.addProperty(name, interval == null ? null : finite(interval.value()));
    json.addProperty(name + "_low", interval == null ? null : finite(interval.low()));
    json.addProperty(name + "_high", interval == null ? null : finite(interval.high()));
  }

  private static @Nullable Double finite(@Nullable Double value) {
    return value != null && Double.isFinite(value) ? value : null;
  }

  private BenchJson() {}
}
