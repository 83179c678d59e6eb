package io.innerspan.extension;

import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.TapPoint;
import io.innerspan.onnxruntime.graft.TapPoint.Layout;
import io.innerspan.onnxruntime.graft.TensorInfo;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.ProbePack;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pack for a model that nobody made one for: the norms of its layers' outputs; of what its
 * products with weights read where there are no layers; of its outputs where there is neither.
 */
final class AnyModelPack {
  private static final String NAME = "any-model";
  private static final String VERSION = "1.0.0";

  /** More are not read: those in between are left out. */
  static final int MOST_PLACES = 64;

  private AnyModelPack() {}

  /**
   * Makes a pack for one model.
   *
   * @param name what people call the model
   * @param sha256 the model's digest in lowercase hexadecimal
   * @return null when the model has no place whose norm could be read
   */
  static @Nullable ProbePack of(OnnxModel model, String name, String sha256) {
    List<TapPoint> places = some(places(model));
    if (places.isEmpty()) {
      return null;
    }
    PackBuilder pack =
        ProbePack.builder(
            NAME,
            VERSION,
            "Apache-2.0",
            new ModelIdentity(identifier(name), sha256, model.structure()));
    for (int i = 0; i < places.size(); i++) {
      pack.signal(ActivationSummary.norm("norm_" + i, places.get(i).hookPoint()));
    }
    return pack.build();
  }

  private static List<TapPoint> places(OnnxModel model) {
    if (!model.candidates().isEmpty()) {
      return model.candidates();
    }
    return model.outputs().stream()
        .map(TensorInfo::name)
        .filter(HookPoint::isName)
        .map(output -> model.resolve(new HookPoint(output)))
        .filter(Objects::nonNull)
        .filter(AnyModelPack::hasNorm)
        .toList();
  }

  private static boolean hasNorm(TapPoint place) {
    return place.usable()
        && place.tensor().type().isFloatingPoint()
        && place.layout() != Layout.OTHER
        && place.layout() != Layout.PATTERN;
  }

  /** The first, the last, and those at equal distances in between. */
  private static List<TapPoint> some(List<TapPoint> places) {
    if (places.size() <= MOST_PLACES) {
      return places;
    }
    List<TapPoint> some = new ArrayList<>();
    for (int i = 0; i < MOST_PLACES; i++) {
      some.add(places.get(i * (places.size() - 1) / (MOST_PLACES - 1)));
    }
    return some;
  }

  /** The name in the spelling that a pack allows. */
  private static String identifier(String name) {
    String allowed = name.replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("^[._-]+", "");
    return allowed.isEmpty() ? "model" : allowed.substring(0, Math.min(allowed.length(), 100));
  }
}
