package io.innerspan.workbench;

import ai.onnxruntime.OrtEnvironment;
import com.google.gson.JsonObject;
import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.images.ImageSource;
import io.innerspan.workbench.images.PixelFormat;
import io.innerspan.workbench.model.BatchModel;
import io.innerspan.workbench.model.OnnxBatchModel;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.store.BatchSource;
import io.innerspan.workbench.store.BatchStoreInput;
import io.innerspan.workbench.store.StoreCapture;
import io.innerspan.workbench.store.StoreInput;
import io.innerspan.workbench.store.StoreSettings;
import io.innerspan.workbench.store.TensorSource;
import io.innerspan.workbench.store.TextBatchInput;
import io.innerspan.workbench.store.TextFile;
import io.innerspan.workbench.store.TextInput;
import io.innerspan.workbench.torch.TorchModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What {@code capture --store} knows beyond {@code capture}. */
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class StoreOptions {
  private static final int MIB = 1 << 20;

  @Option(
      names = "--label-column",
      paramLabel = "C",
      description = "Of a store: the column or field of labels, kept beside the texts.")
  private @Nullable String labelColumn;

  @Option(
      names = "--group-column",
      paramLabel = "C",
      description =
          "Of a store: the column or field of template families; 'sae' holds out whole families.")
  private @Nullable String groupColumn;

  @Option(
      names = "--shard-mib",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "Of a store: after how many MiB of activations a shard ends, 1 to 512; a capture that is"
              + " stopped loses what was under way, which is less with small shards (default:"
              + " ${DEFAULT-VALUE}).")
  private int shardMib;

  @Option(
      names = "--random-weights",
      paramLabel = "SEED",
      description =
          "Of a store: replace the model's matrices by random ones of the same mean and deviation:"
              + " the untrained control of 'sae evaluate'.")
  private @Nullable Long randomWeights;

  void refuseWithout(String store) {
    if (labelColumn != null || groupColumn != null || randomWeights != null) {
      throw new BadInput(
          "--label-column, --group-column, --random-weights: expected them with "
              + store
              + " only, found --out");
    }
  }

  /**
   * What to capture.
   *
   * @param model the model's file
   * @param tokenizer for texts
   * @param data texts, or null
   * @param tensors a file of tensors, or null
   * @param images a folder of images, or null
   * @param textColumn of the texts
   * @param hookPoints where to read
   */
  record Source(
      Path model,
      @Nullable Path tokenizer,
      @Nullable Path data,
      @Nullable Path tensors,
      @Nullable Path images,
      @Nullable String textColumn,
      List<HookPoint> hookPoints) {
    /** The tokenizer of texts. */
    Path requireTokenizer() {
      if (tokenizer == null) {
        throw new BadInput("--tokenizer: expected the model's tokenizer for texts, found none");
      }
      return tokenizer;
    }
  }

  void capture(
      Source source,
      EngineOptions engine,
      TensorOptions options,
      Path store,
      boolean json,
      CommandLine command)
      throws IOException {
    if (shardMib < 1 || shardMib > 512) {
      throw new BadInput("--shard-mib: expected 1 to 512, found " + shardMib);
    }
    options.check();
    if (source.images() == null) {
      options.refuseImages();
    }
    boolean djl = engine.djl(false);
    if (randomWeights != null && (djl || source.data() == null)) {
      throw new BadInput(
          "--random-weights: expected it with --data and ONNX Runtime, found another input or engine");
    }
    boolean columns = labelColumn != null || groupColumn != null || source.textColumn() != null;
    if (source.data() == null && columns) {
      throw new BadInput(
          "--text-column, --label-column, --group-column: expected them with --data only");
    }
    Captured captured;
    if (source.data() != null) {
      captured = djl ? torchTexts(source, engine, store, command) : texts(source, store, command);
    } else if (djl) {
      try (TorchModel model = torch(source, engine)) {
        captured = tensors(source, model, identity(model), options, store, command);
      }
    } else {
      try (OnnxBatchModel model = OnnxBatchModel.open(source.model(), source.hookPoints())) {
        captured =
            tensors(
                source,
                model,
                new Identity(Digests.sha256(source.model()), model.structureDigest()),
                options,
                store,
                command);
      }
    }
    print(captured, store, json, command);
  }

  private record Captured(StoreCapture.Summary summary, StoreSettings settings) {}

  private Captured texts(Source source, Path store, CommandLine command) throws IOException {
    Path tokenizerFile = source.requireTokenizer();
    TextFile data = data(source);
    OnnxTextModel opened = OnnxTextModel.open(source.model());
    OnnxTextModel model = randomWeights == null ? opened : opened.randomized(randomWeights);
    try (TextTokenizer tokenizer = TextTokenizer.open(tokenizerFile)) {
      StoreSettings settings =
          StoreCapture.settings(
              model,
              source.model(),
              randomWeights,
              tokenizerFile,
              data,
              source.hookPoints(),
              shardBytes(),
              "onnxruntime " + OrtEnvironment.getEnvironment().getVersion());
      return run(
          new TextInput(model, tokenizer, data, source.hookPoints()),
          settings,
          data.file(),
          store,
          command);
    }
  }

  private TextFile data(Source source) {
    Path file = Objects.requireNonNull(source.data());
    return new TextFile(file, source.textColumn(), labelColumn, groupColumn);
  }

  private Captured torchTexts(Source source, EngineOptions engine, Path store, CommandLine command)
      throws IOException {
    Path tokenizerFile = source.requireTokenizer();
    TextFile data = data(source);
    try (TextTokenizer tokenizer = TextTokenizer.open(tokenizerFile);
        TorchModel model = torch(source, engine)) {
      TextBatchInput input =
          new TextBatchInput(
              source.model(), model, model.ids(), tokenizer, data, source.hookPoints());
      StoreSettings settings =
          settings(
              source,
              model,
              identity(model),
              Digests.sha256(tokenizerFile),
              Digests.sha256(data.file()),
              null);
      return run(input, settings, data.file(), store, command);
    }
  }

  private static TorchModel torch(Source source, EngineOptions engine) throws IOException {
    return TorchModel.open(source.model(), source.hookPoints(), engine.inputNames);
  }

  /**
   * Which model it is.
   *
   * @param sha256 by which packs for it are found
   * @param structure of it without weights
   */
  private record Identity(String sha256, String structure) {}

  private static Identity identity(TorchModel model) throws IOException {
    return new Identity(model.sha256(), model.structureDigest());
  }

  private Captured tensors(
      Source source,
      BatchModel model,
      Identity identity,
      TensorOptions options,
      Path store,
      CommandLine command)
      throws IOException {
    if (source.tokenizer() != null) {
      throw new BadInput("--tokenizer: expected it with --data only");
    }
    BatchSource items;
    String digest;
    String form;
    Path data = source.images() == null ? source.tensors() : source.images();
    if (source.images() != null) {
      PixelFormat pixels = options.pixels(source.model(), model.inputs());
      items = ImageSource.open(source.images(), pixels);
      digest = ImageSource.sha256(source.images());
      form = pixels.text();
    } else {
      Path file = Objects.requireNonNull(source.tensors());
      items = TensorSource.open(file, model.inputs());
      digest = Digests.sha256(file);
      form = "tensors";
    }
    BatchStoreInput input =
        new BatchStoreInput(source.model(), model, items, options.batchSize, source.hookPoints());
    form += ", batches of " + input.batchSize();
    return run(
        input,
        settings(source, model, identity, null, digest, form),
        Objects.requireNonNull(data),
        store,
        command);
  }

  private StoreSettings settings(
      Source source,
      BatchModel model,
      Identity identity,
      @Nullable String tokenizerSha256,
      String dataSha256,
      @Nullable String inputs)
      throws IOException {
    return new StoreSettings(
        String.valueOf(source.model().toAbsolutePath().normalize().getFileName()),
        identity.sha256(),
        identity.structure(),
        null,
        tokenizerSha256,
        dataSha256,
        source.textColumn(),
        labelColumn,
        groupColumn,
        inputs,
        source.hookPoints().stream().map(HookPoint::name).toList(),
        shardBytes(),
        model.engine());
  }

  private long shardBytes() {
    return (long) shardMib * MIB;
  }

  private static Captured run(
      StoreInput input, StoreSettings settings, Path data, Path store, CommandLine command)
      throws IOException {
    return new Captured(
        new StoreCapture(store, settings, data, new Progress(command.getErr())).run(input),
        settings);
  }

  private static void print(Captured captured, Path store, boolean json, CommandLine command) {
    StoreCapture.Summary summary = captured.summary();
    StoreSettings settings = captured.settings();
    PrintWriter out = command.getOut();
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("store", store.toString());
      object.addProperty("texts", summary.texts());
      object.addProperty("tokens", summary.tokens());
      object.addProperty("shards", summary.shards());
      object.addProperty("resumed_texts", summary.resumedTexts());
      object.addProperty("model_sha256", settings.modelSha256());
      out.println(object);
    } else {
      out.println(
          store
              + ": "
              + summary.texts()
              + " texts, "
              + summary.tokens()
              + " tokens at "
              + settings.hookPoints().size()
              + " hook points in "
              + summary.shards()
              + " shards"
              + (summary.resumedTexts() == 0
                  ? ""
                  : "; " + summary.resumedTexts() + " texts were there"));
    }
    out.flush();
  }
}
