package io.innerspan.workbench.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WindowsTest {
  private static final int MIB = 1 << 20;

  /** A token of 1,024 bytes, ten of them in each text: 102 texts fill a MiB. */
  private static final int[] WIDTHS = {128, 128};

  @Test
  void windows_smallShards_spanEightOfThem() throws IOException {
    Windows windows = new Windows(new Texts(2_000, 10), MIB, WIDTHS);
    List<List<StoreItem>> first = windows.next();

    assertThat(first.stream().map(List::size)).hasSize(8).containsOnly(102);
    assertThat(windows.next().get(0).get(0).number()).isEqualTo(8 * 102);
  }

  @Test
  void windows_largeShards_areOneEach() throws IOException {
    Windows windows = new Windows(new Texts(10_000, 10), 64L * MIB, WIDTHS);

    assertThat(windows.next().stream().map(List::size)).containsExactly(6_513);
  }

  @Test
  void windows_shardsOfAQuarter_spanFour() throws IOException {
    Windows windows = new Windows(new Texts(10_000, 10), 8L * MIB, WIDTHS);

    assertThat(windows.next()).hasSize(4);
  }

  /** So that a capture which goes on runs the same texts together. */
  @Test
  void windows_begunAtAnyWindowsStart_areTheSame() throws IOException {
    Windows whole = new Windows(new Texts(3_000, 10), MIB, WIDTHS);
    List<List<List<Long>>> expected = numbers(whole);
    assertThat(expected.size()).isGreaterThan(3);
    for (int from = 0; from < expected.size(); from++) {
      Texts rest = new Texts(3_000, 10);
      rest.skip(expected.get(from).get(0).get(0));
      assertThat(numbers(new Windows(rest, MIB, WIDTHS)))
          .isEqualTo(expected.subList(from, expected.size()));
    }
    assertThat(expected.stream().flatMap(List::stream).flatMap(List::stream))
        .containsExactlyElementsOf(LongStream.range(0, 3_000).boxed().toList());
  }

  @Test
  void windows_textsWithoutTokens_endShardsToo() throws IOException {
    Windows windows = new Windows(new Texts(100_000, 0), MIB, WIDTHS);

    assertThat(windows.next().get(0).size()).isLessThanOrEqualTo(MIB / 64);
  }

  private static List<List<List<Long>>> numbers(Windows windows) throws IOException {
    List<List<List<Long>>> all = new ArrayList<>();
    while (!windows.isAtEnd()) {
      all.add(
          windows.next().stream()
              .map(shard -> shard.stream().map(StoreItem::number).toList())
              .toList());
    }
    return all;
  }

  private static final class Texts implements ItemSource {
    private final long count;
    private final int tokens;
    private long next;

    Texts(long count, int tokens) {
      this.count = count;
      this.tokens = tokens;
    }

    @Override
    public @Nullable StoreItem next() {
      TokenIds ids =
          new TokenIds(
              new long[tokens],
              new long[tokens],
              new boolean[tokens],
              new int[tokens],
              new int[tokens]);
      return next == count ? null : new StoreItem(next++, new StoreText("", null), ids);
    }

    @Override
    public void skip(long items) {
      next += items;
    }

    @Override
    public void close() {}
  }
}
