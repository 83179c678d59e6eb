package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.InvalidValueException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a manifest says: the pack is read, or refused with the one exception. */
class PackFuzzTest {
  private static final int MUTATIONS = 800;
  private static final String[] TOKENS = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "null",
    "true",
    "-1",
    "1e400",
    "0.5",
    "\"1.0\"",
    "[[]]",
    "{}",
    "\"include\"",
    "\"\\ud800\"",
    "99999999999999999999",
    "\u2028",
    "\0"
  };

  static Stream<Arguments> packs() {
    return Stream.of(TestPacks.full(), TestPacks.heads(), TestPacks.kinds())
        .flatMap(
            pack ->
                Stream.of(Arguments.of(pack.name(), pack, 1), Arguments.of(pack.name(), pack, 2)));
  }

  @ParameterizedTest(name = "{0}, seed {2}")
  @MethodSource("packs")
  void read_mutatedManifest_isReadOrRefused(
      String name, ProbePack pack, long seed, @TempDir Path folder) throws IOException {
    PackWriter.write(folder, pack);
    assertThat(PackReader.read(folder).name()).isEqualTo(name);
    Path manifest = folder.resolve("probe.json");
    String good = Files.readString(manifest).replaceAll("\\n *", "");
    Random random = new Random(seed);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      Files.write(manifest, mutate(good, random));
      try {
        assertThat(PackReader.read(folder).signals()).isNotEmpty();
        read++;
      } catch (PackException e) {
        assertThat(e.getMessage())
            .startsWith("pack ")
            .contains(": expected ")
            .doesNotContain("\n")
            .hasSizeLessThan(400);
        refused++;
      }
    }
    assertThat(read).isGreaterThan(2);
    assertThat(refused).isGreaterThan(400);
  }

  /** An autoencoder's configuration is of yet another origin: that of its trainer. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void read_mutatedSaeConfig_isReadOrRefused(long seed) {
    String good =
        "{\"architecture\":\"standard\",\"d_in\":3,\"d_sae\":4,\"activation_fn_str\":\"topk\","
            + "\"activation_fn_kwargs\":{\"k\":2},\"normalize_activations\":\"layer_norm\","
            + "\"apply_b_dec_to_input\":true,\"hook_point\":\"h\",\"l1_coefficient\":0.1}";
    assertThat(SaeLensConfig.read(ByteBuffer.wrap(good.getBytes(StandardCharsets.UTF_8))).k())
        .isEqualTo(2);
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      try {
        assertThat(SaeLensConfig.read(ByteBuffer.wrap(mutate(good, random))).in()).isPositive();
      } catch (InvalidValueException e) {
        assertThat(e).hasMessageContaining(": expected ");
        refused++;
      }
    }
    assertThat(refused).isBetween(200, MUTATIONS - 20);
  }

  private static byte[] mutate(String good, Random random) {
    StringBuilder text = new StringBuilder(good);
    int at = random.nextInt(good.length());
    switch (random.nextInt(5)) {
      case 0 -> text.setCharAt(at, (char) random.nextInt(0x250));
      case 1 -> text.insert(at, TOKENS[random.nextInt(TOKENS.length)]);
      case 2 -> text.delete(at, Math.min(good.length(), at + 1 + random.nextInt(60)));
      case 3 -> {
        // A value for another value: what follows a colon, up to the next comma.
        int colon = good.indexOf(':', at);
        int comma = good.indexOf(',', Math.max(colon, 0));
        if (colon >= 0 && comma >= 0) {
          text.replace(colon + 1, comma, TOKENS[random.nextInt(TOKENS.length)]);
        }
      }
      default -> {
        int from = random.nextInt(good.length());
        text.insert(at, good, from, Math.min(good.length(), from + random.nextInt(80)));
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
