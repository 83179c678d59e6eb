package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.Signal;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever the bytes, a scan ends in a model or a refusal, and compiling never throws. */
class ScanFuzzTest {
  private static final List<Signal> SIGNALS =
      Signals.mixed(16, "blocks.0.hook_normalized_resid_post", "last_hidden_state");

  /** Scans and compiles; anything but a refusal is a failure. */
  private static boolean survives(byte[] bytes) {
    try {
      OnnxModel model = OnnxModel.scan(ByteBuffer.wrap(bytes));
      OverlayCompiler.compile(model, SIGNALS, Set.of());
      return true;
    } catch (ModelRefusedException e) {
      assertThat(e.reason()).isNotBlank().doesNotContain("\n");
      return false;
    }
  }

  @Test
  void scan_randomBytes_isRefused() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      assertThat(survives(bytes)).isFalse();
    }
  }

  @Test
  void scan_truncatedAnywhere_isModelOrRefused() {
    byte[] model = TransformerFixture.postNorm().withLayers(1).bytes();
    for (int length = 0; length < model.length; length += 23) {
      survives(Arrays.copyOf(model, length));
    }
  }

  @Test
  void scan_flippedBytes_isModelOrRefused() {
    Random random = new Random(2);
    int survived = 0;
    for (byte[] model :
        List.of(
            TransformerFixture.postNorm().withLayers(1).spelledOut(11).bytes(),
            TransformerFixture.preNorm().withLayers(1).bytes(),
            SmallModels.named("encoder-inside-if").bytes())) {
      for (int i = 0; i < 300; i++) {
        byte[] damaged = model.clone();
        for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        survived += survives(damaged) ? 1 : 0;
      }
    }
    assertThat(survived).as("flips that hit weights only").isPositive();
  }

  @Test
  void scan_deeplyNestedSubgraphs_isRefused() {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    byte[] inner = {};
    // graph { node { attribute { g: graph { ... } } } }, each field with its length before it.
    byte[] tags = {7 << 3 | 2, 1 << 3 | 2, 5 << 3 | 2, 6 << 3 | 2};
    for (int level = 0; level < 300; level++) {
      byte tag = level == 299 ? tags[0] : tags[1 + (level + 1) % 3];
      bytes.clear().put(tag);
      int length = inner.length;
      while (length > 127) {
        bytes.put((byte) ((length & 0x7f) | 0x80));
        length >>>= 7;
      }
      bytes.put((byte) length).put(inner).flip();
      inner = new byte[bytes.remaining()];
      bytes.get(inner);
    }
    assertThat(survives(inner)).isFalse();
  }
}
