package io.innerspan.workbench;

import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.images.PixelFormat;
import io.innerspan.workbench.model.BatchInput;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How {@code capture} makes inputs of tensors and images. */
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class TensorOptions {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");
  private static final int MOST = 4096;

  /** What becomes of images of another shape. */
  enum Fit {
    STRETCH,
    CROP
  }

  @Option(
      names = "--batch-size",
      defaultValue = "8",
      paramLabel = "N",
      description =
          "Of tensors and images: how many are run together, 1 to 4096, unless the model is fixed to"
              + " a number (default: ${DEFAULT-VALUE}).")
  int batchSize;

  @Option(
      names = "--image-size",
      paramLabel = "WxH",
      description = "Of images: their size, where the model has none of its own.")
  private @Nullable String imageSize;

  @Option(
      names = "--image-fit",
      defaultValue = "stretch",
      paramLabel = "F",
      description =
          "Of images: stretch them to the size, or crop what is too wide or too high evenly first"
              + " (default: ${DEFAULT-VALUE}).")
  private Fit imageFit;

  @Option(
      names = "--mean",
      split = ",",
      paramLabel = "M",
      description =
          "Of images: what is taken from values of 0 to 1; one number or one per channel.")
  private float @Nullable [] mean;

  @Option(
      names = "--std",
      split = ",",
      paramLabel = "S",
      description = "Of images: by what they are then divided; one number or one per channel.")
  private float @Nullable [] deviation;

  void check() {
    if (batchSize < 1 || batchSize > MOST) {
      throw new BadInput("--batch-size: expected 1 to " + MOST + ", found " + batchSize);
    }
  }

  void refuseImages() {
    if (imageSize != null || mean != null || deviation != null || imageFit != Fit.STRETCH) {
      throw new BadInput(
          "--image-size, --image-fit, --mean, --std: expected them with --images only");
    }
  }

  PixelFormat pixels(Path model, List<BatchInput> inputs) {
    return PixelFormat.of(model, inputs, size(), mean, deviation, imageFit == Fit.CROP);
  }

  private int @Nullable [] size() {
    if (imageSize == null) {
      return null;
    }
    Matcher matcher = SIZE.matcher(imageSize);
    if (!matcher.matches()) {
      throw new BadInput("--image-size: expected WxH such as 224x224, found " + imageSize);
    }
    return new int[] {Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))};
  }
}
