package io.innerspan.workbench.features;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonWriter;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Labels as Neuronpedia exports explanations: JSON Lines with {@code modelId}, {@code layer},
 * {@code index}, {@code description}, {@code explanationModelName} and {@code typeName}. What we
 * write has {@code featureId} beside them, and what has it is read by it, whatever the index.
 */
public final class NeuronpediaLabels {
  /**
   * What was read.
   *
   * @param labels by the features' ids
   * @param unknown lines of features that the version has not
   */
  public record Read(Map<String, List<Label>> labels, int unknown) {}

  /**
   * Reads labels for a version.
   *
   * @param ids of the version's features, by index
   * @throws BadInput when a line is no label, or of another dictionary than the version's
   */
  public static Read read(Path file, VersionInfo version, List<String> ids) throws IOException {
    Map<String, List<Label>> labels = new TreeMap<>();
    Set<String> known = new HashSet<>(ids);
    int unknown = 0;
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(InputFile.existing(file))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        JsonObject object = object(file, number, line);
        String id = id(file, number, object, version, ids);
        String text = text(object, "description");
        if (text == null) {
          throw BadInput.in(file, "a 'description' in line " + number, "" + object.keySet());
        }
        if (id == null || !known.contains(id)) {
          unknown++;
        } else if (!text.isBlank()) {
          labels
              .computeIfAbsent(id, key -> new ArrayList<>())
              .add(
                  new Label(
                      text.strip(),
                      text(object, "explanationModelName"),
                      text(object, "typeName")));
        }
      }
    }
    return new Read(labels, unknown);
  }

  private static JsonObject object(Path file, int number, String line) {
    try {
      return JsonParser.parseString(line).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw BadInput.in(
          file, "a JSON object in line " + number, line.substring(0, Math.min(60, line.length())));
    }
  }

  private static @Nullable String id(
      Path file, int number, JsonObject object, VersionInfo version, List<String> ids) {
    String id = text(object, "featureId");
    if (id != null) {
      return id;
    }
    String there = text(object, "modelId") + "/" + text(object, "layer");
    String here = version.neuronpedia();
    if (here != null && !here.equals(there)) {
      throw BadInput.in(file, "labels of " + here + " in line " + number, there);
    }
    String index = text(object, "index");
    if (index == null || !index.matches("[0-9]{1,9}")) {
      throw BadInput.in(file, "an 'index' or a 'featureId' in line " + number, "" + index);
    }
    int feature = Integer.parseInt(index);
    return feature < ids.size() ? ids.get(feature) : null;
  }

  private static @Nullable String text(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || !value.isJsonPrimitive() ? null : value.getAsString();
  }

  /**
   * Writes a version's labels.
   *
   * @return how many
   */
  public static int write(Path file, FeatureDatabase database, VersionInfo version)
      throws IOException {
    String[] place =
        version.neuronpedia() == null
            ? new String[] {version.modelName(), version.hookPoint()}
            : version.neuronpedia().split("/", 2);
    List<String> ids = database.ids(version.name());
    int written = 0;
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int index = 0; index < ids.size(); index++) {
        for (Label label : database.labelsOf(ids.get(index))) {
          // Closing the writer of one line would close the file.
          JsonWriter json = new JsonWriter(out);
          json.setHtmlSafe(false);
          json.beginObject();
          json.name("modelId").value(place[0]);
          json.name("layer").value(place[1]);
          json.name("index").value(Integer.toString(index));
          json.name("description").value(label.text());
          json.name("explanationModelName").value(label.author());
          json.name("typeName").value(label.type());
          json.name("featureId").value(ids.get(index));
          json.endObject();
          json.flush();
          out.write('\n');
          written++;
        }
      }
    }
    return written;
  }

  private NeuronpediaLabels() {}
}
