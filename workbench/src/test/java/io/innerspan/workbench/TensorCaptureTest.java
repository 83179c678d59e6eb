package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonParser;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.workbench.store.ActivationStore;
import io.innerspan.workbench.store.StoreTexts;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code capture --tensors} and {@code --images} on real ONNX Runtime. */
class TensorCaptureTest {
  private static final int SIDE = 8;
  private static final int CHANNELS = 12;
  private static final int ITEMS = 5;

  @TempDir private Path folder;
  private SmallModel cnn;
  private Path model;
  private String convolved;
  private String pooled;
  private Path store;

  @BeforeEach
  void writeModel() throws Exception {
    cnn = SmallModels.named("cnn");
    model = cnn.write(folder);
    convolved = cnn.hooks().get("features.1");
    pooled = cnn.hooks().get("pooled");
    store = folder.resolve("store");
  }

  /** The model's own mean over positions is the mean of the rows. */
  @Test
  void tensors_convolution_givesARowForEachPosition() throws Exception {
    Path tensors = pixels();
    capture(tensors, store, "--hook-point", convolved, "--batch-size", 2);
    Path other = folder.resolve("pooled");
    capture(tensors, other, "--hook-point", pooled);
    StoreTexts places = ActivationStore.open(store).texts(convolved);
    StoreTexts means = ActivationStore.open(other).texts(pooled);
    assertThat(places.size()).isEqualTo(ITEMS);
    assertThat(places.text(3)).isEqualTo("row 3");
    assertThat(means.rows().count()).isEqualTo(ITEMS);
    float[] row = new float[CHANNELS];
    float[] expected = new float[CHANNELS];
    for (int item = 0; item < ITEMS; item++) {
      assertThat(places.firstToken(item)).isEqualTo(item * SIDE * SIDE);
      double[] mean = new double[CHANNELS];
      for (int place = 0; place < SIDE * SIDE; place++) {
        int at = places.firstToken(item) + place;
        assertThat(places.id(at)).isEqualTo(place);
        places.rows().copy(at, row, 0);
        for (int d = 0; d < CHANNELS; d++) {
          mean[d] += row[d] / (double) (SIDE * SIDE);
        }
      }
      means.rows().copy(item, expected, 0);
      for (int d = 0; d < CHANNELS; d++) {
        assertThat(mean[d]).isEqualTo(expected[d], within(1e-5));
      }
    }
    assertThat(means.rows().range(0, ITEMS)).as("inputs differ").doesNotContain(Float.NaN);
    assertThat(means.rows().range(0, 1)).isNotEqualTo(means.rows().range(1, 2));
  }

  /** The same tokens as text and as tensors; padding has no rows. */
  @Test
  void tensors_withAnAttentionMask_giveTheRowsOfRealTokens() throws Exception {
    Path decoder = Planted.model(folder);
    Path texts = Files.writeString(folder.resolve("texts.txt"), "w0 w3 w5 w3\nw0 w2\n");
    Path byText = folder.resolve("text");
    Command text =
        Command.run(
            "capture",
            "--model",
            decoder,
            "--tokenizer",
            Planted.tokenizer(folder),
            "--data",
            texts,
            "--hook-point",
            Planted.LAYER,
            "--store",
            byText);
    assertThat(text.exitCode()).as(text.err()).isZero();
    Path tensors = folder.resolve("ids.safetensors");
    SafetensorsWriter.write(
        tensors,
        Map.of(
            "input_ids", Tensor.ofLongs(new long[] {0, 3, 5, 3, 0, 2, 0, 0}, 2, 4),
            "attention_mask", Tensor.ofLongs(new long[] {1, 1, 1, 1, 1, 1, 0, 0}, 2, 4)),
        Map.of());
    model = decoder;
    capture(tensors, store, "--hook-point", Planted.LAYER);
    StoreTexts expected = ActivationStore.open(byText).texts(Planted.LAYER);
    StoreTexts found = ActivationStore.open(store).texts(Planted.LAYER);
    assertThat(found.rows().count()).isEqualTo(6);
    assertThat(found.firstToken(1)).isEqualTo(4);
    float[] all = found.rows().range(0, 6);
    float[] want = expected.rows().range(0, 6);
    for (int i = 0; i < all.length; i++) {
      assertThat(all[i]).isEqualTo(want[i], within(1e-5f));
    }
  }

  @Test
  void tensors_again_isLeftAsItIs_andOthersAreRefused() throws Exception {
    Path tensors = pixels();
    capture(tensors, store, "--hook-point", convolved);
    byte[] before = Files.readAllBytes(store.resolve("shard-00000.safetensors"));
    Command again =
        run("--tensors", tensors, "--hook-point", convolved, "--store", store, "--json");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(
            JsonParser.parseString(again.out()).getAsJsonObject().get("resumed_texts").getAsInt())
        .isEqualTo(ITEMS);
    assertThat(Files.readAllBytes(store.resolve("shard-00000.safetensors"))).isEqualTo(before);
    run("--tensors", tensors, "--hook-point", convolved, "--store", store, "--batch-size", 3)
        .assertRefused(
            "a store of the same inputs (tensors, batches of 3), found tensors, batches of 8");
  }

  @Test
  void tensors_thatDoNotFit_areRefusedWithWhatWouldFit() throws Exception {
    Tensor right = Tensor.ofFloats(new float[3 * 64], 1, 3, 8, 8);
    refusedTensors(Map.of("pixels", right), "expected the model's inputs [pixel_values]");
    refusedTensors(
        Map.of("pixel_values", Tensor.ofFloats(new float[64], 1, 1, 8, 8)),
        "'pixel_values' as F32[?, 3, 8, 8], found F32[1, 1, 8, 8]");
    refusedTensors(
        Map.of("pixel_values", Tensor.ofLongs(new long[192], 1, 3, 8, 8)), "found I64[1, 3, 8, 8]");
    refusedTensors(
        Map.of("pixel_values", Tensor.ofFloats(new float[0], 0, 3, 8, 8)), "at least one row");
    float[] broken = new float[192];
    broken[7] = Float.NaN;
    refusedTensors(
        Map.of("pixel_values", Tensor.ofFloats(broken, 1, 3, 8, 8)), "activations are finite");
    Path tensors = pixels();
    run("--tensors", tensors, "--hook-point", convolved, "--hook-point", pooled, "--store", store)
        .assertRefused("as many positions as '" + convolved + "': 64, found 1");
    run("--tensors", tensors, "--hook-point", convolved, "--out", folder.resolve("o"))
        .assertRefused("--out: expected --data");
    run("--tensors", tensors, "--hook-point", "no.such", "--store", store).assertRefused("no.such");
  }

  /** What the options do to pixels, done by hand. */
  @Test
  void images_areTheTensorsThatTheirPixelsMake() throws Exception {
    Path images = Files.createDirectories(folder.resolve("images"));
    Files.createDirectories(images.resolve("cats"));
    Random random = new Random(1);
    float[] values = new float[2 * 3 * 64];
    float[] mean = {0.5f, 0.25f, 0};
    float[] deviation = {0.5f, 1, 2};
    List<String> names = List.of("cats/b.png", "dog.png");
    for (int item = 0; item < 2; item++) {
      BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < 64; i++) {
        int rgb = random.nextInt(1 << 24);
        image.setRGB(i % SIDE, i / SIDE, rgb);
        for (int channel = 0; channel < 3; channel++) {
          float value = (rgb >> (16 - 8 * channel) & 0xff) / 255f;
          values[(item * 3 + channel) * 64 + i] = (value - mean[channel]) / deviation[channel];
        }
      }
      ImageIO.write(image, "png", images.resolve(names.get(item)).toFile());
    }
    Files.writeString(images.resolve("notes.txt"), "no image");
    Path tensors = folder.resolve("pixels.safetensors");
    SafetensorsWriter.write(
        tensors, Map.of("pixel_values", Tensor.ofFloats(values, 2, 3, 8, 8)), Map.of());
    capture(tensors, folder.resolve("expected"), "--hook-point", convolved);

    Command command =
        run(
            "--images",
            images,
            "--mean",
            "0.5,0.25,0",
            "--std",
            "0.5,1,2",
            "--hook-point",
            convolved,
            "--store",
            store);

    assertThat(command.exitCode()).as(command.err()).isZero();
    StoreTexts found = ActivationStore.open(store).texts(convolved);
    StoreTexts expected = ActivationStore.open(folder.resolve("expected")).texts(convolved);
    assertThat(found.size()).isEqualTo(2);
    assertThat(found.text(0)).isEqualTo("cats/b.png");
    assertThat(found.label(0)).isEqualTo("cats");
    assertThat(found.text(1)).isEqualTo("dog.png");
    assertThat(found.label(1)).isNull();
    float[] all = found.rows().range(0, found.rows().count());
    float[] want = expected.rows().range(0, expected.rows().count());
    assertThat(all).hasSameSizeAs(want);
    for (int i = 0; i < all.length; i++) {
      assertThat(all[i]).isEqualTo(want[i], within(1e-4f));
    }
  }

  @Test
  void images_ofAnotherSize_areStretchedOrCropped() throws Exception {
    Path images = Files.createDirectories(folder.resolve("images"));
    BufferedImage wide = new BufferedImage(32, 16, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 32; x++) {
        wide.setRGB(x, y, x < 8 || x >= 24 ? 0xffffff : 0);
      }
    }
    ImageIO.write(wide, "png", images.resolve("wide.png").toFile());
    BufferedImage black = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    Path dark = Files.createDirectories(folder.resolve("dark"));
    ImageIO.write(black, "png", dark.resolve("black.png").toFile());
    captureImages(dark, folder.resolve("black"));
    captureImages(images, folder.resolve("stretched"));
    captureImages(images, folder.resolve("cropped"), "--image-fit", "crop");

    assertThat(firstRows("cropped"))
        .as("the white borders are cut off")
        .isEqualTo(firstRows("black"));
    assertThat(firstRows("stretched")).isNotEqualTo(firstRows("black"));
  }

  @Test
  void images_badInput_isRefusedWithItsPlace() throws Exception {
    Path images = Files.createDirectories(folder.resolve("images"));
    Object[] rest = {"--hook-point", convolved, "--store", store};
    images(images, rest).assertRefused("at least one image");
    Files.writeString(images.resolve("torn.png"), "no image");
    images(images, rest).assertRefused("torn.png: expected an image that Java reads");
    ImageIO.write(
        new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB),
        "png",
        images.resolve("torn.png").toFile());
    images(images, "--image-size", "9x8", rest[0], rest[1], rest[2], rest[3])
        .assertRefused("own 8");
    images(images, "--std", "0", rest[0], rest[1], rest[2], rest[3]).assertRefused("above 0");
    images(images, "--mean", "1,2", rest[0], rest[1], rest[2], rest[3]).assertRefused("1 or 3");
    images(folder.resolve("none"), rest).assertRefused("a folder of images, found nothing");
    model = Planted.model(folder);
    images(images, "--hook-point", Planted.LAYER, "--store", store)
        .assertRefused("one input of images");
  }

  private Command images(Path images, Object... more) {
    List<Object> args = new ArrayList<>(List.of("--images", images));
    args.addAll(List.of(more));
    return run(args.toArray());
  }

  private void captureImages(Path images, Path target, Object... more) {
    List<Object> args = new ArrayList<>(List.of(more));
    args.addAll(List.of("--hook-point", convolved, "--store", target));
    Command command = images(images, args.toArray());
    assertThat(command.exitCode()).as(command.err()).isZero();
  }

  private float[] firstRows(String name) throws Exception {
    return ActivationStore.open(folder.resolve(name)).texts(convolved).rows().range(0, 64);
  }

  private Path pixels() throws Exception {
    Random random = new Random(7);
    float[] values = new float[ITEMS * 3 * SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Path file = folder.resolve("pixels.safetensors");
    SafetensorsWriter.write(
        file, Map.of("pixel_values", Tensor.ofFloats(values, ITEMS, 3, SIDE, SIDE)), Map.of());
    return file;
  }

  private void refusedTensors(Map<String, Tensor> tensors, String reason) throws Exception {
    Path file = folder.resolve("bad.safetensors");
    SafetensorsWriter.write(file, tensors, Map.of());
    Path target = folder.resolve("refused");
    run("--tensors", file, "--hook-point", convolved, "--store", target).assertRefused(reason);
  }

  private void capture(Path tensors, Path target, Object... more) {
    List<Object> args = new ArrayList<>(List.of("--tensors", tensors, "--store", target));
    args.addAll(List.of(more));
    Command command = run(args.toArray());
    assertThat(command.exitCode()).as(command.err()).isZero();
  }

  private Command run(Object... more) {
    List<Object> args = new ArrayList<>(List.of("capture", "--model", model));
    args.addAll(List.of(more));
    return Command.run(args.toArray());
  }
}
