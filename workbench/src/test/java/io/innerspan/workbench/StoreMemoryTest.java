package io.innerspan.workbench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.models.InductionHead;
import io.innerspan.workbench.store.ActivationStore;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A capture of more activations than the heap could hold. */
class StoreMemoryTest {
  private static final int HEAP_MIB = 48;
  private static final List<String> PLACES =
      List.of("blocks.0.hook_resid_pre", "blocks.0.hook_resid_post", Planted.LAYER);

  @TempDir private Path folder;

  @Test
  void store_activationsOfSeveralHeaps_areCaptured() throws Exception {
    int texts = 30_000;
    Path data = folder.resolve("texts.txt");
    try (BufferedWriter out = Files.newBufferedWriter(data)) {
      for (int i = 0; i < texts; i++) {
        out.write("w0 w1" + " w2 w3".repeat(1 + i % 3) + " w" + i % InductionHead.VOCABULARY);
        out.write('\n');
      }
    }
    Path store = folder.resolve("store");
    Process child =
        ChildJvm.start(
            folder.resolve("out.txt"),
            List.of("-Xmx" + HEAP_MIB + "m"),
            Stream.concat(
                    Stream.of(
                        "capture",
                        "--model",
                        Planted.model(folder),
                        "--tokenizer",
                        Planted.tokenizer(folder),
                        "--data",
                        data,
                        "--store",
                        store),
                    PLACES.stream().flatMap(place -> Stream.of("--hook-point", place)))
                .toArray());
    String said = new String(child.getErrorStream().readAllBytes(), UTF_8);

    assertThat(child.waitFor()).as(said).isZero();
    ActivationStore opened = ActivationStore.open(store);
    assertThat(opened.texts()).isEqualTo(texts);
    long width = PLACES.stream().mapToLong(opened::width).sum();
    assertThat(opened.tokens() * width * Float.BYTES)
        .as("bytes of activations")
        .isGreaterThan((2L * HEAP_MIB) << 20);
  }
}
