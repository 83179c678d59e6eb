package io.innerspan.workbench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.innerspan.onnxruntime.graft.Dimension;
import io.innerspan.onnxruntime.graft.TapPoint;
import io.innerspan.onnxruntime.graft.TensorInfo;
import io.innerspan.workbench.inspect.CostReport;
import io.innerspan.workbench.inspect.Inspection;
import io.innerspan.workbench.inspect.KindSurvey;
import io.innerspan.workbench.inspect.SignalCost;
import io.innerspan.workbench.model.ModelReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An inspection as one JSON object. */
final class InspectionJson {
  private static final Gson JSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().setPrettyPrinting().create();

  private final Inspection inspection;

  private InspectionJson(Inspection inspection) {
    this.inspection = inspection;
  }

  static String of(Inspection inspection) {
    return JSON.toJson(new InspectionJson(inspection).object());
  }

  private Map<String, @Nullable Object> object() {
    ModelReport report = inspection.report();
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("layers", report.layers());
    object.put("hook_points", inspection.sites().stream().map(this::hookPoint).toList());
    object.put("signals", inspection.kinds().stream().map(this::kind).toList());
    object.put("cost", cost(inspection.costs()));
    object.put("refused", report.refused());
    object.put("structure", report.structure());
    object.put("sha256", report.sha256());
    object.put("ir_version", report.irVersion());
    object.put("opset", report.opset());
    object.put("inputs", report.inputs().stream().map(InspectionJson::tensor).toList());
    object.put("outputs", report.outputs().stream().map(InspectionJson::tensor).toList());
    object.put("mask_input", report.maskInput());
    return object;
  }

  private Map<String, @Nullable Object> hookPoint(TapPoint tap) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("name", tap.hookPoint().name());
    Map<String, @Nullable Object> tensor = tensor(tap.tensor());
    object.put("tensor", tensor.get("name"));
    object.put("type", tensor.get("type"));
    object.put("shape", tensor.get("shape"));
    object.put("safe", tap.usable());
    object.put("safety", tap.safety().name().toLowerCase(Locale.ROOT));
    object.put("breaks_fusion", tap.breaksFusion());
    object.put("note", tap.note());
    object.put(
        "signals",
        inspection.kinds().stream()
            .filter(survey -> survey.possible().contains(tap.hookPoint().name()))
            .map(survey -> survey.kind().label())
            .toList());
    return object;
  }

  private Map<String, @Nullable Object> kind(KindSurvey survey) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("kind", survey.kind().label());
    object.put("possible_at", survey.possible());
    object.put("breaks_fusion_at", survey.breaking());
    List<Map<String, String>> refusals = new ArrayList<>();
    survey.refusals().forEach((site, why) -> refusals.add(Map.of("at", site, "reason", why)));
    object.put("refusals", refusals);
    object.put("example", survey.isPossible() ? survey.kind().example() : null);
    object.put("example_at", survey.exampleSite());
    SignalCost cost = inspection.costs().costs().get(survey.kind());
    object.put("cost_percent", cost == null ? null : cost.percent());
    object.put("cost_pairs", cost == null ? null : cost.pairs());
    object.put("cost_failure", inspection.costs().failures().get(survey.kind()));
    return object;
  }

  private static Map<String, @Nullable Object> cost(CostReport report) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    SignalCost noise = report.noise();
    object.put("left_out", report.left());
    object.put("inputs", report.inputs());
    object.put("model_ms", noise == null ? null : report.milliseconds());
    object.put("noise_percent", noise == null ? null : noise.percent());
    return object;
  }

  private static Map<String, @Nullable Object> tensor(TensorInfo tensor) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    List<Dimension> shape = tensor.shape();
    object.put("name", tensor.name());
    object.put("type", tensor.type().name().toLowerCase(Locale.ROOT));
    object.put("shape", shape == null ? null : shape.stream().map(InspectionJson::size).toList());
    return object;
  }

  private static Object size(Dimension dimension) {
    return dimension.isFixed() ? (Object) dimension.size() : dimension.toString();
  }
}
