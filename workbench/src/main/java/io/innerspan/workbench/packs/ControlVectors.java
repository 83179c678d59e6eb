package io.innerspan.workbench.packs;

import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Control vectors as repeng writes them: GGUF of the architecture {@code controlvector}, a tensor
 * {@code direction.N} for the output of layer N, counted from 0, at the last token.
 */
final class ControlVectors {
  private static final Pattern TENSOR = Pattern.compile("direction\\.([0-9]{1,4})");
  private static final String ARCHITECTURE = "controlvector";

  static List<Direction> read(Path file) {
    InputFile.existing(file);
    GgufFile gguf;
    try {
      gguf =
          GgufFile.parse(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
    } catch (IOException e) {
      throw BadInput.in(file, "a readable file", String.valueOf(e));
    } catch (GgufFile.FormatException e) {
      throw BadInput.in(file, "a GGUF file", String.valueOf(e.getMessage()));
    }
    if (!ARCHITECTURE.equals(gguf.texts().get("general.architecture"))) {
      throw BadInput.in(
          file,
          "general.architecture " + ARCHITECTURE,
          String.valueOf(gguf.texts().get("general.architecture")));
    }
    Map<Integer, double[]> byLayer = new TreeMap<>();
    gguf.vectors()
        .forEach(
            (name, values) -> {
              Matcher matcher = TENSOR.matcher(name);
              if (!matcher.matches()) {
                throw BadInput.in(file, "tensors named direction.N", "'" + name + "'");
              }
              byLayer.put(Integer.parseInt(matcher.group(1)), doubles(values));
            });
    if (byLayer.isEmpty()) {
      throw BadInput.in(file, "a tensor direction.N", "none");
    }
    List<Direction> directions = new ArrayList<>();
    byLayer.forEach(
        (layer, weight) ->
            directions.add(
                new Direction(
                    "l" + layer,
                    "blocks." + layer + ".hook_resid_post",
                    "last",
                    weight,
                    0,
                    new double[0][],
                    new double[0])));
    return directions;
  }

  private static double[] doubles(FloatBuffer values) {
    double[] doubles = new double[values.remaining()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values.get(i);
    }
    return doubles;
  }

  private ControlVectors() {}
}
