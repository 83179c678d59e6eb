package io.innerspan.testing.models;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Every small model. */
public final class SmallModels {
  private SmallModels() {}

  /** All models, each with a name of its own; made anew by each call. */
  public static List<SmallModel> all() {
    List<SmallModel> models = new ArrayList<>();
    models.addAll(Encoders.all());
    models.addAll(Decoders.all());
    models.add(InductionHead.model());
    models.addAll(EncoderDecoders.all());
    models.addAll(SplitDecoders.all());
    models.addAll(Vision.all());
    models.add(Tabular.mlp());
    models.add(Tabular.brainFloat());
    models.addAll(FusedEncoder.all());
    models.addAll(Llama.all());
    models.addAll(Dialects.all());
    models.addAll(Forms.all());
    return models;
  }

  /** The models for which something holds. */
  public static List<SmallModel> where(Predicate<SmallModel> condition) {
    return all().stream().filter(condition).toList();
  }

  /**
   * One model.
   *
   * @throws IllegalArgumentException when there is none of this name
   */
  public static SmallModel named(String name) {
    return named(all(), name);
  }

  static SmallModel named(List<SmallModel> models, String name) {
    return models.stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected one of "
                        + models.stream().map(SmallModel::name).toList()
                        + ", found "
                        + name));
  }
}
