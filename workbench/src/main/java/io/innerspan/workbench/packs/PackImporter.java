package io.innerspan.workbench.packs;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.TokenizerIdentity;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxHead;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.train.GoldenCases;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes packs of what other tools learnt. Every signal gets golden inputs from the live model: what
 * was imported is proven to be read where and as the pack says.
 */
public final class PackImporter {
  private final ImportOptions options;
  private final Progress progress;

  /**
   * @param options what to import
   * @param progress where to tell how far it is
   */
  public PackImporter(ImportOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Imports.
   *
   * @throws BadInput when the source cannot be used
   */
  public ProbePack run() throws IOException {
    InputFile.emptyDirectory(options.out());
    InputFile.existing(options.tokenizer());
    if (options.format() == ImportOptions.Format.SAELENS) {
      return autoencoder();
    }
    List<Direction> directions = directions();
    OnnxTextModel model = OnnxTextModel.open(options.model());
    PackBuilder builder = builder(model);
    List<List<TokenIds>> batches = GoldenTexts.of(options.tokenizer(), options.texts());
    List<Map<String, Tensor>> logits = new ArrayList<>();
    List<GoldenInput> inputs = List.of();
    for (Direction direction : directions) {
      LinearProbe probe = probe(direction);
      GoldenCases golden = golden(model, probe, batches);
      Golden all = Golden.of(probe, direction, golden);
      builder.probe(probe, all.x(), all.logit());
      inputs = golden.inputs();
      for (int i = 0; i < inputs.size(); i++) {
        if (logits.size() == i) {
          logits.add(new TreeMap<>());
        }
        logits.get(i).putAll(inputs.get(i).logits());
      }
    }
    for (int i = 0; i < inputs.size(); i++) {
      builder.goldenInput(new GoldenInput(inputs.get(i).inputs(), logits.get(i)));
    }
    return written(builder);
  }

  private ProbePack autoencoder() throws IOException {
    SaeFeatures signal =
        SaeLensImport.read(options.source(), options.id(), options.hookPoint(), TokenSelection.ALL);
    OnnxTextModel model = OnnxTextModel.open(options.model());
    PackBuilder builder = builder(model).signal(signal);
    GoldenValues.of(model, signal, GoldenTexts.of(options.tokenizer(), options.texts()), progress)
        .forEach(builder::goldenInput);
    return written(builder);
  }

  private PackBuilder builder(OnnxTextModel model) throws IOException {
    return ProbePack.builder(options.name(), options.version(), options.licence(), identity(model))
        .description("Imported from " + options.source().getFileName())
        .tokenizer(new TokenizerIdentity(Digests.sha256(options.tokenizer())));
  }

  private ProbePack written(PackBuilder builder) {
    try {
      return PackWriter.write(options.out(), builder.build());
    } catch (PackException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  private List<Direction> directions() {
    return switch (options.format()) {
      case SKLEARN -> SklearnExport.read(options.source());
      case VECTORS -> VectorFile.read(options.source());
      case REPENG -> ControlVectors.read(options.source());
      case ONNX -> {
        OnnxHead head = OnnxHead.read(options.source());
        yield List.of(
            new Direction(
                "", null, null, head.weight(), head.bias(), new double[0][], new double[0]));
      }
      case SAELENS -> throw new IllegalArgumentException("an autoencoder has no direction");
    };
  }

  private LinearProbe probe(Direction direction) {
    String hookPoint = options.hookPoint() == null ? direction.hookPoint() : options.hookPoint();
    if (hookPoint == null) {
      throw BadInput.in(options.source(), "--hook-point, as the file names none", "none");
    }
    float[] weight = new float[direction.weight().length];
    for (int d = 0; d < weight.length; d++) {
      weight[d] = (float) direction.weight()[d];
    }
    String id = direction.name().isEmpty() ? options.id() : options.id() + "_" + id(direction);
    try {
      return new LinearProbe(
          id,
          new HookPoint(hookPoint),
          pooling(direction),
          weight,
          (float) direction.bias(),
          new Calibration.None(),
          null,
          options.positive(),
          options.negative());
    } catch (IllegalArgumentException e) {
      throw new BadInput(options.source() + ": " + e.getMessage());
    }
  }

  private static String id(Direction direction) {
    return direction.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
  }

  private Pooling pooling(Direction direction) {
    String said = direction.pooling();
    Pooling.Kind kind = options.pooling();
    for (Pooling pooling : Pooling.PLAIN) {
      if (kind == null ? pooling.kind().label().equals(said) : pooling.kind() == kind) {
        return pooling;
      }
    }
    if (kind == null && said == null) {
      return Pooling.MEAN;
    }
    throw BadInput.in(
        options.source(),
        "pooling mean, last, cls or max",
        kind == null ? "'" + said + "'" : kind.label());
  }

  private GoldenCases golden(OnnxTextModel model, LinearProbe probe, List<List<TokenIds>> batches)
      throws IOException {
    try {
      return new GoldenCases(model, probe, batches, progress);
    } catch (IllegalArgumentException e) {
      // The reference refuses a width that is not the hook point's.
      throw new BadInput(options.source() + ": at " + probe.hookPoint() + ": " + e.getMessage());
    }
  }

  private ModelIdentity identity(OnnxTextModel model) {
    String name =
        String.valueOf(options.model().getFileName())
            .replaceFirst("\\.[A-Za-z]+$", "")
            .replaceAll("[^A-Za-z0-9._-]", "-")
            .replaceFirst("^[._-]+", "");
    return new ModelIdentity(
        name.isEmpty() ? "model" : name.substring(0, Math.min(100, name.length())),
        model.sha256(),
        model.structureDigest());
  }
}
