package io.innerspan.testing.mutation;

import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import java.util.List;
import java.util.Random;

/** Makes a damaged model of a good one: by what the format means, or by its bytes. */
public final class ModelMutator {
  private final List<ModelProto> models;
  private final List<byte[]> serialised;

  /**
   * @param models the good ones, of which at least one
   */
  public ModelMutator(List<ModelProto> models) {
    this.models = List.copyOf(models);
    serialised = models.stream().map(ModelProto::toByteArray).toList();
  }

  /**
   * Damages a model; equal generators give equal bytes.
   *
   * @param model which one
   */
  public byte[] mutate(int model, Random random) {
    int kind = random.nextInt(10);
    if (kind < 7) {
      byte[] bytes = structure(model, random);
      return kind == 0 ? new ByteMutator(random).mutate(bytes) : bytes;
    }
    if (kind == 7) {
      byte[] other = serialised.get(random.nextInt(serialised.size()));
      return ByteMutator.splice(serialised.get(model), other, random);
    }
    return new ByteMutator(random).mutate(serialised.get(model).clone());
  }

  private byte[] structure(int model, Random random) {
    ModelProto.Builder builder = models.get(model).toBuilder();
    GraphMutator graphs = new GraphMutator(random);
    int changes = 1 + random.nextInt(random.nextInt(4) + 1);
    for (int i = 0; i < changes; i++) {
      if (random.nextInt(30) == 0) {
        versions(builder, random);
      } else {
        graphs.mutate(builder.getGraphBuilder());
      }
    }
    return builder.build().toByteArray();
  }

  private static void versions(ModelProto.Builder model, Random random) {
    switch (random.nextInt(4)) {
      case 0 -> model.setIrVersion(random.nextInt(14) - 1);
      case 1 -> model.clearOpsetImport();
      case 2 -> model.addOpsetImportBuilder().setDomain("").setVersion(random.nextInt(30));
      default -> {
        if (model.getOpsetImportCount() > 0) {
          model.getOpsetImportBuilder(0).setVersion(5 + random.nextInt(25));
        }
      }
    }
  }
}
