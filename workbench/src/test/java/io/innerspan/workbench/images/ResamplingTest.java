package io.innerspan.workbench.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class ResamplingTest {
  @Test
  void of_theSameSize_isTheSame() {
    BufferedImage image = image(new int[][] {{0x102030, 0xff0000}, {0x00ff00, 0x0000fe}});

    float[][] same = Resampling.of(image, 0, 0, 2, 2, 2, 2);

    assertThat(same[0]).containsExactly(0x10, 0xff, 0, 0);
    assertThat(same[1]).containsExactly(0x20, 0, 0xff, 0);
    assertThat(same[2]).containsExactly(0x30, 0, 0, 0xfe);
  }

  @Test
  void of_oneColour_isThatColourInAnySize() {
    int[][] pixels = new int[7][5];
    for (int[] row : pixels) {
      java.util.Arrays.fill(row, 0x0a640f);
    }
    for (int size : new int[] {1, 2, 5, 9, 40}) {
      float[][] any = Resampling.of(image(pixels), 0, 0, 5, 7, size, size + 1);
      assertThat(any[0]).hasSize(size * (size + 1));
      for (int i = 0; i < any[0].length; i++) {
        assertThat(any[0][i]).isEqualTo(0x0a, within(1e-4f));
        assertThat(any[1][i]).isEqualTo(0x64, within(1e-4f));
        assertThat(any[2][i]).isEqualTo(0x0f, within(1e-4f));
      }
    }
  }

  /** A triangle of reach 2 about the middle of four pixels: weights 1/8, 3/8, 3/8, 1/8. */
  @Test
  void of_aShrunkLine_weighsByTheTriangle() {
    BufferedImage line = image(new int[][] {{0x080000, 0, 0, 0x100000}});

    float[][] one = Resampling.of(line, 0, 0, 4, 1, 2, 1);

    // About 1: weights of pixels 0, 1, 2 are 3/4, 3/4, 1/4 of reach 2, made to sum to 1.
    assertThat(one[0][0]).isEqualTo(8 * 3f / 7, within(1e-5f));
    assertThat(one[0][1]).isEqualTo(16 * 3f / 7, within(1e-5f));
  }

  @Test
  void of_aGrownLine_isInterpolated() {
    BufferedImage line = image(new int[][] {{0, 0x640000}});

    assertThat(Resampling.of(line, 0, 0, 2, 1, 4, 1)[0]).containsExactly(0, 25, 75, 100);
  }

  @Test
  void of_aPart_seesThatPart() {
    BufferedImage line = image(new int[][] {{0, 0x640000, 0x640000, 0}});

    assertThat(Resampling.of(line, 1, 0, 2, 1, 2, 1)[0]).containsExactly(100, 100);
  }

  private static BufferedImage image(int[][] pixels) {
    BufferedImage image =
        new BufferedImage(pixels[0].length, pixels.length, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < pixels.length; y++) {
      for (int x = 0; x < pixels[y].length; x++) {
        image.setRGB(x, y, pixels[y][x]);
      }
    }
    return image;
  }
}
