package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The bytes of a pack's files: the same for the same pack. */
final class PackImage {
  static final String MANIFEST = "probe.json";
  static final String WEIGHTS = "weights.safetensors";
  static final String GOLDEN = "golden.safetensors";
  static final String SEEN = "seen.safetensors";

  private final Map<String, byte[]> files;
  private final byte[] manifest;

  private PackImage(Map<String, byte[]> files, byte[] manifest) {
    this.files = files;
    this.manifest = manifest;
  }

  static PackImage of(ProbePack pack) {
    StringWriter text = new StringWriter();
    Map<String, byte[]> files;
    try (JsonWriter json = new JsonWriter(text)) {
      json.setIndent("  ");
      json.setHtmlSafe(false);
      json.setSerializeNulls(false);
      files = new ManifestWriter(json).write(pack);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    return new PackImage(files, (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The files beside the manifest, in the order in which they are written. */
  Map<String, byte[]> files() {
    return files;
  }

  byte[] manifest() {
    return manifest;
  }

  String digest() {
    return Sha256.hex(manifest);
  }
}
