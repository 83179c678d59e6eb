package io.innerspan.workbench.packs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.innerspan.signals.pack.PackContent;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pack to be: a manifest without the list of files, and the files. The list is made of what is
 * there; then everything is proven as if it had been read, and written in the one order of fields
 * and tensors that packs have, so that the same content gives the same bytes.
 */
public final class PackDraft {
  private static final String MANIFEST = "probe.json";

  private final String name;
  private final JsonObject manifest;
  private final Map<String, byte[]> files = new TreeMap<>();

  PackDraft(String name, JsonObject manifest) {
    this.name = name;
    this.manifest = manifest;
  }

  /** A folder with a manifest, whose {@code files} are ignored. */
  public static PackDraft in(Path folder) throws IOException {
    Path manifest = InputFile.existing(folder.resolve(MANIFEST));
    JsonElement json;
    try {
      json = JsonParser.parseString(Files.readString(manifest, StandardCharsets.UTF_8));
    } catch (JsonParseException e) {
      throw BadInput.in(manifest, "JSON", String.valueOf(e.getMessage()));
    }
    if (!json.isJsonObject()) {
      throw BadInput.in(manifest, "a JSON object", json.getClass().getSimpleName());
    }
    PackDraft draft = new PackDraft(folder.toString(), json.getAsJsonObject());
    try (var entries = Files.list(folder)) {
      for (Path file : entries.sorted().toList()) {
        String fileName = String.valueOf(file.getFileName());
        boolean weights = fileName.endsWith(".safetensors");
        boolean config = fileName.endsWith(".json") && !fileName.startsWith("certificate-");
        if (Files.isRegularFile(file) && !fileName.equals(MANIFEST) && (weights || config)) {
          draft.add(fileName, Files.readAllBytes(file));
        }
      }
    }
    return draft;
  }

  void add(String file, byte[] content) {
    files.put(file, content);
  }

  /**
   * Proves the draft and writes it.
   *
   * @param out a folder, absent or empty, or a zip
   * @throws BadInput when the pack is not right
   */
  public ProbePack write(Path out) {
    JsonObject listed = new JsonObject();
    files.forEach(
        (file, content) -> {
          JsonObject digest = new JsonObject();
          digest.addProperty("sha256", Digests.sha256(ByteBuffer.wrap(content)));
          digest.addProperty("size", content.length);
          listed.add(file, digest);
        });
    manifest.add("files", listed);
    Map<String, byte[]> all = new TreeMap<>(files);
    all.put(MANIFEST, manifest.toString().getBytes(StandardCharsets.UTF_8));
    try {
      return PackWriter.write(out, PackContent.read(name, all));
    } catch (PackException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }
}
