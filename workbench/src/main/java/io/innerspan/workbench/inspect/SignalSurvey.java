package io.innerspan.workbench.inspect;

import io.innerspan.onnxruntime.graft.Layer;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.onnxruntime.graft.SignalRefusal;
import io.innerspan.onnxruntime.graft.TapPoint;
import io.innerspan.onnxruntime.graft.TensorInfo;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks the compiler, place by place, which kinds of signals it can compile into a model. */
public final class SignalSurvey {
  private static final String PATTERN = ".attn.hook_pattern";
  private static final int TOP = 5;

  /** Of all translators together: 128 MB. */
  private static final long MOST_TRANSLATOR_WEIGHTS = 1L << 25;

  private final OnnxModel model;

  private SignalSurvey(OnnxModel model) {
    this.model = model;
  }

  /** One entry per kind. */
  public static List<KindSurvey> of(OnnxModel model) {
    SignalSurvey survey = new SignalSurvey(model);
    List<KindSurvey> kinds = new ArrayList<>();
    for (SignalKind kind : SignalKind.values()) {
      kinds.add(kind.isLens() ? survey.lens(kind) : survey.kind(kind));
    }
    return List.copyOf(kinds);
  }

  /** The places that are asked about: those with names, or else those that any model has. */
  public static List<TapPoint> sites(OnnxModel model) {
    return model.layers().isEmpty() ? model.candidates() : model.hookPoints();
  }

  private KindSurvey kind(SignalKind kind) {
    List<String> possible = new ArrayList<>();
    List<String> breaking = new ArrayList<>();
    Map<String, String> refusals = new LinkedHashMap<>();
    TapPoint best = null;
    for (HookPoint place : places(kind)) {
      TapPoint tap = model.resolve(place);
      String refusal = refusal(kind, place, tap);
      if (refusal != null || tap == null) {
        refusals.put(place.name(), String.valueOf(refusal));
        continue;
      }
      possible.add(place.name());
      if (tap.breaksFusion()) {
        breaking.add(place.name());
      }
      // The last place, which is the deepest, unless it breaks a fusion that another leaves alone.
      best = best != null && tap.breaksFusion() && !best.breaksFusion() ? best : tap;
    }
    Signal example = best == null ? null : ExampleSignals.typical().at(kind, best);
    String site = best == null ? null : best.hookPoint().name();
    return new KindSurvey(kind, possible, breaking, refusals, example, site);
  }

  private List<HookPoint> places(SignalKind kind) {
    List<HookPoint> places = new ArrayList<>();
    if (kind == SignalKind.OUTPUT_CONFIDENCE) {
      model.outputs().stream()
          .map(TensorInfo::name)
          .filter(HookPoint::isName)
          .forEach(output -> places.add(new HookPoint(output)));
      return places;
    }
    sites(model).forEach(tap -> places.add(tap.hookPoint()));
    if (kind == SignalKind.ATTENTION_SUMMARY) {
      for (Layer layer : model.layers()) {
        HookPoint pattern = new HookPoint(layer.block() + PATTERN);
        if (!places.contains(pattern)) {
          places.add(pattern);
        }
      }
    }
    return places;
  }

  private @Nullable String refusal(SignalKind kind, HookPoint place, @Nullable TapPoint tap) {
    if (tap == null) {
      return model.missing(place);
    }
    boolean ofWidth =
        kind != SignalKind.ATTENTION_SUMMARY
            && kind != SignalKind.OUTPUT_CONFIDENCE
            && kind != SignalKind.ACTIVATION_SUMMARY;
    boolean ofActivations = tap.perToken() || tap.layout() == TapPoint.Layout.ROWS;
    if (ofWidth && ofActivations && tap.width() < 1) {
      return place + ": its width is not known before the model runs";
    }
    if (ofWidth && !ofActivations) {
      // A width makes no sense here; a signal without one is refused for the same reason.
      return refusal(ExampleSignals.smallest().at(SignalKind.ACTIVATION_SUMMARY, tap));
    }
    return refusal(ExampleSignals.smallest().at(kind, tap));
  }

  private @Nullable String refusal(Signal signal) {
    Overlay overlay = OverlayCompiler.compile(model, List.of(signal), Set.of());
    SignalRefusal refusal = overlay.refusals().get(signal.id());
    return refusal == null ? null : refusal.detail();
  }

  private KindSurvey lens(SignalKind kind) {
    List<HookPoint> layers = lensLayers();
    String where = layers.isEmpty() ? "the model" : layers.get(0) + " to " + last(layers);
    String refusal = model.tailRefusal();
    if (refusal == null && layers.isEmpty()) {
      refusal = "no output of a layer can be read";
    }
    if (refusal == null && kind == SignalKind.TUNED_LENS) {
      refusal = translatorsRefusal(layers);
    }
    if (refusal == null) {
      for (TensorInfo output : model.outputs()) {
        HookPoint logits = new HookPoint(output.name());
        int top = (int) Math.max(1, Math.min(TOP, output.width() < 0 ? TOP : output.width()));
        Signal lens =
            kind == SignalKind.LAYER_LENS
                ? ExampleSignals.lens(layers, logits, top)
                : ExampleSignals.typical().tunedLens(layers, logits, top, width(layers.get(0)));
        String found = refusal(lens);
        if (found == null) {
          return new KindSurvey(kind, List.of(where), List.of(), Map.of(), lens, where);
        }
        refusal = refusal == null ? found : refusal;
      }
    }
    Map<String, String> refusals = Map.of(where, String.valueOf(refusal));
    return new KindSurvey(kind, List.of(), List.of(), refusals, null, null);
  }

  private @Nullable String translatorsRefusal(List<HookPoint> layers) {
    long width = width(layers.get(0));
    if (width < 1 || layers.stream().anyMatch(layer -> width(layer) != width)) {
      return "the width of the layers is not known before the model runs";
    }
    return layers.size() * width * width > MOST_TRANSLATOR_WEIGHTS
        ? "translators of more than " + MOST_TRANSLATOR_WEIGHTS + " weights are not tried here"
        : null;
  }

  private int width(HookPoint layer) {
    TapPoint tap = model.resolve(layer);
    return tap == null ? -1 : (int) tap.width();
  }

  /** The outputs of the layers of the last stack, whose last output goes into the tail. */
  private List<HookPoint> lensLayers() {
    List<HookPoint> outputs = new ArrayList<>();
    for (Layer layer : model.layers()) {
      if (layer.index() == 0) {
        outputs.clear();
      }
      String place =
          layer.normalized() == null ? ".hook_resid_post" : ".hook_normalized_resid_post";
      TapPoint tap = model.resolve(new HookPoint(layer.block() + place));
      if (tap != null && tap.usable()) {
        outputs.add(tap.hookPoint());
      }
    }
    return outputs;
  }

  private static HookPoint last(List<HookPoint> layers) {
    return layers.get(layers.size() - 1);
  }

  /** The groups of kinds that are possible at a place. */
  public static List<String> groupsAt(String site, List<KindSurvey> kinds) {
    return kinds.stream()
        .filter(survey -> survey.possible().contains(site))
        .map(survey -> survey.kind().group())
        .distinct()
        .toList();
  }
}
