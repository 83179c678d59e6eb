package io.innerspan.workbench.images;

import io.innerspan.signals.safetensors.DType;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.store.BatchSource;
import io.innerspan.workbench.store.StoreText;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * The images of a folder and of those below it, by their path; one that lies in a folder has the
 * first folder's name as its label. Each is read when its batch is run.
 */
public final class ImageSource implements BatchSource {
  private static final long MOST_PIXELS = 100_000_000;

  private final Path folder;
  private final List<Path> files;
  private final PixelFormat format;

  private ImageSource(Path folder, List<Path> files, PixelFormat format) {
    this.folder = folder;
    this.files = files;
    this.format = format;
  }

  /**
   * Finds the images.
   *
   * @throws BadInput when there is none
   */
  public static ImageSource open(Path folder, PixelFormat format) throws IOException {
    return new ImageSource(folder, files(folder), format);
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw BadInput.in(folder, "a folder of images", Files.exists(folder) ? "a file" : "nothing");
    }
    List<String> suffixes =
        Arrays.stream(ImageIO.getReaderFileSuffixes())
            .filter(suffix -> !suffix.isEmpty())
            .map(suffix -> "." + suffix.toLowerCase(Locale.ROOT))
            .distinct()
            .sorted()
            .toList();
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files =
          all.filter(Files::isRegularFile)
              .filter(
                  file -> {
                    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
                    return !name.startsWith(".") && suffixes.stream().anyMatch(name::endsWith);
                  })
              .sorted(Comparator.comparing(file -> name(folder, file)))
              .toList();
    }
    if (files.isEmpty()) {
      throw BadInput.in(folder, "at least one image, a file of " + suffixes, "none");
    }
    return files;
  }

  private static String name(Path folder, Path file) {
    return folder.relativize(file).toString().replace(File.separatorChar, '/');
  }

  /** The digest of all files with their names. */
  public static String sha256(Path folder) throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path file : files(folder)) {
      all.append(name(folder, file)).append('\0').append(Digests.sha256(file)).append('\n');
    }
    return Digests.sha256(ByteBuffer.wrap(all.toString().getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public long count() {
    return files.size();
  }

  @Override
  public StoreText text(long item) {
    String name = name(folder, files.get((int) item));
    int slash = name.indexOf('/');
    return new StoreText(name, slash < 0 ? null : name.substring(0, slash));
  }

  @Override
  public Map<String, Tensor> batch(long[] items) throws IOException {
    int pixels = format.width() * format.height();
    int each = pixels * format.channels();
    ByteBuffer data =
        ByteBuffer.allocate(Math.multiplyExact(items.length * each, format.dtype().bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (long item : items) {
      float[][] channels = channels(read(files.get((int) item)));
      for (int i = 0; i < each; i++) {
        int channel = format.channelsFirst() ? i / pixels : i % format.channels();
        int pixel = format.channelsFirst() ? i % pixels : i / format.channels();
        put(data, channels[channel][pixel], channel);
      }
    }
    int n = items.length;
    long[] shape =
        format.channelsFirst()
            ? new long[] {n, format.channels(), format.height(), format.width()}
            : new long[] {n, format.height(), format.width(), format.channels()};
    return Map.of(format.input(), new Tensor(format.dtype(), shape, data.flip()));
  }

  private void put(ByteBuffer data, float value, int channel) {
    if (format.dtype() == DType.U8) {
      data.put((byte) Math.max(0, Math.min(255, Math.round(value))));
    } else {
      data.putFloat((value / 255 - format.mean()[channel]) / format.deviation()[channel]);
    }
  }

  private float[][] channels(BufferedImage image) {
    double width = image.getWidth();
    double height = image.getHeight();
    if (format.crop()) {
      double scale = Math.min(width / format.width(), height / format.height());
      width = format.width() * scale;
      height = format.height() * scale;
    }
    float[][] colours =
        Resampling.of(
            image,
            (image.getWidth() - width) / 2,
            (image.getHeight() - height) / 2,
            width,
            height,
            format.width(),
            format.height());
    return format.channels() == 3 ? colours : new float[][] {grey(colours)};
  }

  /** The luma of ITU-R BT.601. */
  private static float[] grey(float[][] colours) {
    float[] grey = new float[colours[0].length];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = 0.299f * colours[0][i] + 0.587f * colours[1][i] + 0.114f * colours[2][i];
    }
    return grey;
  }

  private static BufferedImage read(Path file) throws IOException {
    try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = stream == null ? null : ImageIO.getImageReaders(stream);
      if (readers == null || !readers.hasNext()) {
        throw BadInput.in(file, "an image that Java reads", "none");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(stream, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MOST_PIXELS) {
          throw BadInput.in(file, "at most " + MOST_PIXELS + " pixels", pixels + "");
        }
        return reader.read(0);
      } finally {
        reader.dispose();
      }
    } catch (IOException | IllegalArgumentException e) {
      throw BadInput.in(file, "an image that Java reads", String.valueOf(e.getMessage()));
    }
  }
}
