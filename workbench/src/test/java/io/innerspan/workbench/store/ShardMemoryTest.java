package io.innerspan.workbench.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardMemoryTest {
  private static final int BLOCK = 4096;
  private static final long PIECE = ShardMemory.PIECE;

  @Test
  void take_bytes_areRoundedUpToPieces() {
    ShardMemory memory = new ShardMemory(2 * PIECE, BLOCK);
    for (long bytes : new long[] {1, PIECE, PIECE + 1, 2 * PIECE}) {
      List<ByteBuffer> pieces = take(memory, bytes);
      assertThat(pieces).hasSize(bytes > PIECE ? 2 : 1);
      memory.give(pieces);
    }
    assertThat(memory.take(1L << 60)).isNull();
  }

  @Test
  void take_moreThanThereIs_isNothingUntilPiecesComeBack() {
    ShardMemory memory = new ShardMemory(3 * PIECE, BLOCK);
    List<ByteBuffer> two = take(memory, 2 * PIECE);
    assertThat(memory.take(2 * PIECE)).isNull();
    assertThat(memory.take(PIECE)).hasSize(1);
    assertThat(memory.take(1)).isNull();
    memory.give(two);
    assertThat(memory.take(2 * PIECE)).hasSize(2);
    assertThat(memory.take(1)).isNull();
  }

  @Test
  void take_aPieceThatCameBack_isTheSameMemory() {
    ShardMemory memory = new ShardMemory(2 * PIECE, BLOCK);
    ByteBuffer first = take(memory, 1).get(0);
    assertThat(first.capacity()).isEqualTo(ShardMemory.PIECE);
    assertThat(first.alignmentOffset(0, BLOCK)).isZero();
    memory.give(List.of(first));
    List<ByteBuffer> both = take(memory, 2 * PIECE);
    assertThat(both.get(0)).isSameAs(first);
    assertThat(both.get(1)).isNotSameAs(first);
  }

  /** As where -XX:MaxDirectMemorySize allows less than is meant. */
  @Test
  void take_moreThanTheRuntimeHas_isNothingAndWhatThereIsStays() {
    AtomicInteger most = new AtomicInteger(2);
    ShardMemory memory =
        new ShardMemory(
            4 * PIECE,
            BLOCK,
            bytes -> {
              if (most.getAndDecrement() == 0) {
                throw new OutOfMemoryError("Cannot reserve direct buffer memory");
              }
              return ByteBuffer.allocateDirect(bytes);
            });
    assertThat(memory.take(3 * PIECE)).isNull();
    assertThat(memory.take(2 * PIECE)).hasSize(2);
    assertThat(memory.take(1)).isNull();
  }

  @Test
  void in_aFolder_hasAPartOfTheHeapsSize(@TempDir Path folder) throws Exception {
    ShardMemory memory = ShardMemory.in(folder);
    assertThat(memory.take(Runtime.getRuntime().maxMemory() / 2)).isNull();
    assertThat(memory.take(PIECE)).hasSize(1);
    assertThat(Integer.bitCount(memory.block())).isEqualTo(1);
  }

  private static List<ByteBuffer> take(ShardMemory memory, long bytes) {
    return Objects.requireNonNull(memory.take(bytes));
  }
}
