package io.innerspan.workbench.images;

import io.innerspan.signals.safetensors.DType;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.model.BatchInput;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a model takes images.
 *
 * @param input the input's name
 * @param dtype F32, or U8 for pixels as they are
 * @param channelsFirst whether it is {@code [batch, channels, height, width]}, else the channels
 *     are last
 * @param channels 3 for red, green and blue, 1 for grey
 * @param width in pixels
 * @param height in pixels
 * @param mean by channel, taken from values from 0 to 1
 * @param deviation by channel, by which they are then divided
 * @param crop whether what is too wide or too high is cut off evenly, rather than squeezed
 */
@SuppressWarnings("ArrayRecordComponent")
public record PixelFormat(
    String input,
    DType dtype,
    boolean channelsFirst,
    int channels,
    int width,
    int height,
    float[] mean,
    float[] deviation,
    boolean crop) {
  private static final int LARGEST = 4096;

  /**
   * Reads a model's inputs.
   *
   * @param model for messages
   * @param size {@code [width, height]}, or null to take the model's own
   * @param mean one value or one for each channel; null for 0
   * @param deviation one value or one for each channel; null for 1
   * @throws BadInput when the model does not take one batch of images, or of another size
   */
  public static PixelFormat of(
      Path model,
      List<BatchInput> inputs,
      int @Nullable [] size,
      float @Nullable [] mean,
      float @Nullable [] deviation,
      boolean crop) {
    BatchInput input = inputs.get(0);
    // A TorchScript module says nothing of its inputs; PyTorch's images have their channels first.
    long[] dims = input.dims() == null ? new long[] {-1, 3, -1, -1} : input.dims();
    boolean first = dims.length == 4 && isColours(dims[1]);
    boolean last = dims.length == 4 && !first && isColours(dims[3]);
    boolean bytes = input.dtype() == DType.U8;
    boolean type = bytes || input.dtype() == null || input.dtype() == DType.F32;
    if (inputs.size() != 1 || !(first || last) || !type) {
      throw BadInput.in(
          model,
          "one input of images, [batch, 3, height, width] or [batch, height, width, 3], of floats"
              + " or bytes (or --tensors)",
          "the inputs " + inputs.stream().map(each -> each.name() + " " + each.form()).toList());
    }
    int channels = (int) dims[first ? 1 : 3];
    int height = side(model, dims[first ? 2 : 1], size == null ? -1 : size[1]);
    int width = side(model, dims[first ? 3 : 2], size == null ? -1 : size[0]);
    if (bytes && (mean != null || deviation != null)) {
      throw new BadInput("--mean, --std: expected them for a model of floats, found one of bytes");
    }
    return new PixelFormat(
        input.name(),
        bytes ? DType.U8 : DType.F32,
        first,
        channels,
        width,
        height,
        each("--mean", mean, channels, 0),
        each("--std", deviation, channels, 1),
        crop);
  }

  private static boolean isColours(long size) {
    return size == 3 || size == 1;
  }

  private static int side(Path model, long own, int asked) {
    if (own < 0 && asked < 0) {
      throw BadInput.in(model, "--image-size, as the model has none of its own", "none");
    }
    if (own >= 0 && asked >= 0 && own != asked) {
      throw BadInput.in(model, "--image-size with the model's own " + own, "" + asked);
    }
    long side = own >= 0 ? own : asked;
    if (side < 1 || side > LARGEST) {
      throw BadInput.in(model, "images of 1 to " + LARGEST + " pixels", "" + side);
    }
    return (int) side;
  }

  private static float[] each(
      String option, float @Nullable [] given, int channels, float otherwise) {
    float[] values = new float[channels];
    Arrays.fill(values, given == null ? otherwise : given[0]);
    if (given != null && given.length == channels) {
      System.arraycopy(given, 0, values, 0, channels);
    } else if (given != null && given.length != 1) {
      throw new BadInput(
          option + ": expected 1 or " + channels + " numbers, found " + given.length);
    }
    for (float value : values) {
      if (!Float.isFinite(value) || (option.equals("--std") && value <= 0)) {
        throw new BadInput(
            option
                + ": expected "
                + (option.equals("--std") ? "numbers above 0" : "finite numbers")
                + ", found "
                + value);
      }
    }
    return values;
  }

  /** All of it in one line, to tell stores apart. */
  public String text() {
    return "images "
        + width
        + "x"
        + height
        + (crop ? " cropped" : " stretched")
        + ", mean "
        + Arrays.toString(mean)
        + ", std "
        + Arrays.toString(deviation);
  }
}
