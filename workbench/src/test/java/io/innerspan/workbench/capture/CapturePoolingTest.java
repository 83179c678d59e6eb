package io.innerspan.workbench.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapturePoolingTest {
  private static final float[][] TOKENS = {{-1, 4}, {-5, 2}, {-3, 9}};

  @Test
  void apply_eachPooling_givesItsRows() {
    assertThat(CapturePooling.MEAN.apply(TOKENS)).isDeepEqualTo(new float[][] {{-3, 5}});
    assertThat(CapturePooling.MAX.apply(TOKENS)).isDeepEqualTo(new float[][] {{-1, 9}});
    assertThat(CapturePooling.CLS.apply(TOKENS)).isDeepEqualTo(new float[][] {{-1, 4}});
    assertThat(CapturePooling.LAST.apply(TOKENS)).isDeepEqualTo(new float[][] {{-3, 9}});
    assertThat(CapturePooling.NONE.apply(TOKENS)).isDeepEqualTo(TOKENS);
  }
}
