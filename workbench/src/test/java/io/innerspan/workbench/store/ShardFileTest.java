package io.innerspan.workbench.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardFileTest {
  private static final List<String> PLACES = List.of("a", "b");
  private static final int[] WIDTHS = {3, 5};

  @TempDir Path folder;

  @Test
  void finish_withAndWithoutMemory_isTheSameShard() throws Exception {
    Path gathered = Files.createDirectory(folder.resolve("gathered"));
    Path scattered = Files.createDirectory(folder.resolve("scattered"));
    ShardInfo expected = shard(scattered, new ShardMemory(0, 4096));

    assertThat(shard(gathered, new ShardMemory(ShardMemory.PIECE, 4096))).isEqualTo(expected);
    for (String name : List.of(expected.activations(), expected.texts())) {
      assertThat(gathered.resolve(name)).hasSameBinaryContentAs(scattered.resolve(name));
    }
    StoreShard read = StoreShard.open(gathered.resolve(expected.activations()));
    assertThat(read.splits()).containsExactly(0, 2, 2, 5);
    float[] last = new float[5];
    read.activations("b", 5).get(4 * 5, last);
    assertThat(last).containsExactly(10, 11, 12, 13, 14);
  }

  private static ShardInfo shard(Path folder, ShardMemory memory) throws IOException {
    List<StoreItem> items = new ArrayList<>();
    for (int length : new int[] {2, 0, 3}) {
      items.add(new StoreItem(items.size(), new StoreText("text", "yes"), tokens(length)));
    }
    try (ShardFile shard = new ShardFile(folder, 7, PLACES, WIDTHS, items, Map.of(), memory)) {
      for (int item = items.size() - 1; item >= 0; item--) {
        for (int place = 0; place < WIDTHS.length; place++) {
          shard.write(item, place, rows(items.get(item).tokens().length() * WIDTHS[place]));
        }
      }
      return shard.finish();
    }
  }

  private static TokenIds tokens(int length) {
    return new TokenIds(
        new long[length], new long[length], new boolean[length], new int[length], new int[length]);
  }

  /** The numbers from 0 on. */
  private static ByteBuffer rows(int values) {
    ByteBuffer rows = ByteBuffer.allocate(values * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values; i++) {
      rows.putFloat(i);
    }
    return rows.flip();
  }
}
