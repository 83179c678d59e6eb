package io.innerspan.workbench.packs;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What ten lines of Python write of a fitted {@code StandardScaler} and {@code LogisticRegression},
 * as JSON or as safetensors; docs/workbench.md shows both.
 */
final class SklearnExport {
  /** scikit-learn computes in double precision; more than this is another model. */
  private static final double TOLERANCE = 1e-5;

  /** The file's fields. */
  @SuppressWarnings("NullAway.Init") // Gson sets the fields.
  private static final class Fields {
    double @Nullable [] coef;
    @Nullable Double intercept;
    double @Nullable [] mean;
    double @Nullable [] scale;
    double @Nullable [][] x;
    double @Nullable [] logit;
    @Nullable String hook_point;
    @Nullable String pooling;
  }

  static List<Direction> read(Path file) {
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
      Direction direction = SklearnTensors.read(file);
      check(file, direction);
      return List.of(direction);
    }
    Fields fields = parse(file);
    double[] coef = fields.coef;
    if (coef == null || coef.length == 0 || fields.intercept == null) {
      throw BadInput.in(file, "'coef' [width] and 'intercept'", "none");
    }
    double[] mean = vector(file, "mean", fields.mean, coef.length, 0);
    double[] scale = vector(file, "scale", fields.scale, coef.length, 1);
    double[] weight = new double[coef.length];
    double bias = fields.intercept;
    for (int d = 0; d < coef.length; d++) {
      weight[d] = coef[d] / scale[d];
      bias -= weight[d] * mean[d];
    }
    double[][] x = fields.x == null ? new double[0][] : fields.x;
    double[] logit = fields.logit == null ? new double[0] : fields.logit;
    Direction direction =
        new Direction("", fields.hook_point, fields.pooling, weight, bias, x, logit);
    check(file, direction);
    return List.of(direction);
  }

  private static Fields parse(Path file) {
    InputFile.existing(file);
    try {
      Fields fields =
          new Gson().fromJson(Files.readString(file, StandardCharsets.UTF_8), Fields.class);
      if (fields != null) {
        return fields;
      }
    } catch (IOException | JsonParseException e) {
      throw BadInput.in(
          file, "a JSON object of coef and intercept", String.valueOf(e.getMessage()));
    }
    throw BadInput.in(file, "a JSON object of coef and intercept", "nothing");
  }

  private static double[] vector(
      Path file, String name, double @Nullable [] values, int width, double otherwise) {
    if (values == null) {
      double[] same = new double[width];
      Arrays.fill(same, otherwise);
      return same;
    }
    if (values.length != width) {
      throw BadInput.in(file, "'" + name + "' of " + width + " numbers", "" + values.length);
    }
    return values;
  }

  /** What the export says of its own activations must come out of its own weights. */
  static void check(Path file, Direction direction) {
    if (direction.x().length != direction.logit().length) {
      throw BadInput.in(
          file,
          "as many rows of 'x' as of 'logit'",
          direction.x().length + " and " + direction.logit().length);
    }
    for (int i = 0; i < direction.x().length; i++) {
      double[] x = direction.x()[i];
      if (x.length != direction.weight().length) {
        throw BadInput.in(file, "'x' of " + direction.weight().length + " columns", "" + x.length);
      }
      double sum = direction.bias();
      for (int d = 0; d < x.length; d++) {
        sum += direction.weight()[d] * x[d];
      }
      double expected = direction.logit()[i];
      if (!(Math.abs(sum - expected) <= TOLERANCE * Math.max(1, Math.abs(expected)))) {
        throw BadInput.in(
            file,
            String.format(Locale.ROOT, "weights that give logit[%d], %s,", i, expected),
            String.valueOf(sum));
      }
    }
  }

  private SklearnExport() {}
}
