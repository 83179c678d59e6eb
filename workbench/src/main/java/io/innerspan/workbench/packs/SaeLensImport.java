package io.innerspan.workbench.packs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that SAELens saved, as a signal of features. */
final class SaeLensImport {
  private static final String CONFIG = "cfg.json";
  private static final String WEIGHTS = "sae_weights.safetensors";
  private static final int TOP = 10;

  static PackDraft draft(ImportOptions options, ModelIdentity model) throws IOException {
    Path folder = options.source();
    if (!Files.isDirectory(folder)) {
      throw BadInput.in(folder, "a folder with " + CONFIG + " and " + WEIGHTS, "none");
    }
    JsonObject manifest = new JsonObject();
    manifest.addProperty("schema_version", "1.0");
    manifest.addProperty("name", options.name());
    manifest.addProperty("version", options.version());
    manifest.addProperty("licence", options.licence());
    manifest.addProperty("description", "Imported from " + folder.getFileName());
    JsonObject identity = new JsonObject();
    identity.addProperty("name", model.name());
    identity.addProperty("sha256", model.sha256());
    if (model.structure() != null) {
      identity.addProperty("structure", model.structure());
    }
    manifest.add("model", identity);
    JsonObject tokenizer = new JsonObject();
    tokenizer.addProperty("sha256", Digests.sha256(options.tokenizer()));
    manifest.add("tokenizer", tokenizer);
    JsonObject signal = new JsonObject();
    signal.addProperty("id", options.id());
    signal.addProperty("kind", "sae_features");
    if (options.hookPoint() != null) {
      signal.addProperty("hook_point", options.hookPoint());
    }
    JsonObject sae = new JsonObject();
    sae.add("config", file(CONFIG));
    sae.add("weights", file(WEIGHTS));
    signal.add("sae", sae);
    signal.addProperty("scope", "tokens");
    signal.addProperty("top", Math.min(TOP, features(InputFile.existing(folder.resolve(CONFIG)))));
    JsonArray signals = new JsonArray();
    signals.add(signal);
    manifest.add("signals", signals);
    PackDraft draft = new PackDraft(folder.toString(), manifest);
    for (String name : new String[] {CONFIG, WEIGHTS}) {
      draft.add(name, Files.readAllBytes(InputFile.existing(folder.resolve(name))));
    }
    return draft;
  }

  /** What the configuration says; whether that is true is found out when the pack is read. */
  private static int features(Path config) throws IOException {
    try {
      JsonElement features =
          JsonParser.parseString(Files.readString(config)).getAsJsonObject().get("d_sae");
      return features == null ? TOP : Math.max(1, features.getAsInt());
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      throw BadInput.in(config, "a JSON object with d_sae", String.valueOf(e.getMessage()));
    } catch (NumberFormatException e) {
      throw BadInput.in(config, "a number d_sae", String.valueOf(e.getMessage()));
    }
  }

  private static JsonObject file(String name) {
    JsonObject file = new JsonObject();
    file.addProperty("file", name);
    return file;
  }

  private SaeLensImport() {}
}
