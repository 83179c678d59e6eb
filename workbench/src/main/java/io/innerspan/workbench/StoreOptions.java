package io.innerspan.workbench;

import ai.onnxruntime.OrtEnvironment;
import com.google.gson.JsonObject;
import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.store.StoreCapture;
import io.innerspan.workbench.store.StoreSettings;
import io.innerspan.workbench.store.TextInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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
    if (labelColumn != null || randomWeights != null) {
      throw new BadInput(
          "--label-column, --random-weights: expected them with " + store + " only, found --out");
    }
  }

  void capture(
      Path model,
      Path tokenizer,
      Path data,
      @Nullable String textColumn,
      List<HookPoint> hookPoints,
      Path store,
      boolean json,
      CommandLine command)
      throws IOException {
    if (shardMib < 1 || shardMib > 512) {
      throw new BadInput("--shard-mib: expected 1 to 512, found " + shardMib);
    }
    OnnxTextModel opened = OnnxTextModel.open(model);
    if (randomWeights != null) {
      opened = opened.randomized(randomWeights);
    }
    StoreCapture.Summary summary;
    StoreSettings settings;
    try (TextTokenizer textTokenizer = TextTokenizer.open(tokenizer)) {
      settings =
          StoreCapture.settings(
              opened,
              model,
              randomWeights,
              tokenizer,
              data,
              textColumn,
              labelColumn,
              hookPoints,
              (long) shardMib * MIB,
              "onnxruntime " + OrtEnvironment.getEnvironment().getVersion());
      summary =
          new StoreCapture(store, settings, data, new Progress(command.getErr()))
              .run(new TextInput(opened, textTokenizer, data, textColumn, labelColumn, hookPoints));
    }
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
