package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sparse autoencoder in a folder of its own, as SAELens saves and loads it: {@value #CONFIG} and
 * {@value #WEIGHTS}.
 *
 * @param sae the autoencoder
 * @param hookName where it was trained, or null
 * @param neuronpedia its id at Neuronpedia, or null
 */
public record SaeLensFolder(Sae sae, @Nullable String hookName, @Nullable String neuronpedia) {
  static final String CONFIG = "cfg.json";
  static final String WEIGHTS = "sae_weights.safetensors";

  private static final String REFERENCES =
      "{\"config\":{\"file\":\"" + CONFIG + "\"},\"weights\":{\"file\":\"" + WEIGHTS + "\"}}";

  /**
   * Reads a folder within {@link PackLimits#DEFAULT}.
   *
   * @throws PackException if a file is missing, not right, or asks for something that is not
   *     computed here
   */
  public static SaeLensFolder read(Path folder) throws PackException {
    PackSource source = new FolderSource(folder);
    PackLimits limits = PackLimits.DEFAULT;
    Map<String, Manifest.FileDigest> digests = new LinkedHashMap<>();
    for (String file : new String[] {CONFIG, WEIGHTS}) {
      ByteBuffer bytes = source.read(file, limits.fileBytes());
      digests.put(file, new Manifest.FileDigest(Sha256.hex(bytes), bytes.remaining()));
    }
    PackTensors tensors = PackTensors.verify(source, digests, limits);
    Fields references =
        Fields.of("", Json.parse(ByteBuffer.wrap(REFERENCES.getBytes(StandardCharsets.UTF_8))));
    try {
      SaeLensFiles.Contents contents =
          SaeLensFiles.read(new SignalInput(references, fields -> {}, tensors));
      return new SaeLensFolder(contents.sae(), contents.hookName(), contents.neuronpedia());
    } catch (InvalidValueException fault) {
      throw new PackException(source.name(), CONFIG, fault);
    }
  }

  /** Writes a signal's autoencoder into a folder, which is made if need be. */
  public static void write(Path folder, SaeFeatures signal) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(CONFIG), SaeLensFiles.config(signal));
    Files.write(folder.resolve(WEIGHTS), SaeLensFiles.weightsBytes(signal.sae()));
  }
}
