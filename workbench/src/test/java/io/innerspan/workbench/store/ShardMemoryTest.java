package io.innerspan.workbench.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardMemoryTest {
  private static final int BLOCK = 4096;

  @Test
  void pieces_ofBytes_areRoundedUp() {
    assertThat(ShardMemory.pieces(1)).isEqualTo(1);
    assertThat(ShardMemory.pieces(ShardMemory.PIECE)).isEqualTo(1);
    assertThat(ShardMemory.pieces(ShardMemory.PIECE + 1L)).isEqualTo(2);
    assertThat(ShardMemory.pieces(1L << 40)).isEqualTo(1L << 18);
  }

  @Test
  void promise_moreThanThereIs_isNotGivenUntilPiecesComeBack() {
    ShardMemory memory = new ShardMemory(3L * ShardMemory.PIECE, BLOCK);
    assertThat(memory.promise(2)).isTrue();
    assertThat(memory.promise(2)).isFalse();
    assertThat(memory.promise(1)).isTrue();
    assertThat(memory.promise(1)).isFalse();
    memory.give(memory.take());
    assertThat(memory.promise(1)).isTrue();
    assertThat(memory.promise(1)).isFalse();
  }

  @Test
  void take_aPieceThatCameBack_isTheSameMemory() {
    ShardMemory memory = new ShardMemory(2L * ShardMemory.PIECE, BLOCK);
    assertThat(memory.promise(2)).isTrue();
    ByteBuffer first = memory.take();
    assertThat(first.capacity()).isEqualTo(ShardMemory.PIECE);
    assertThat(first.alignmentOffset(0, BLOCK)).isZero();
    memory.give(first);
    assertThat(memory.promise(1)).isTrue();
    assertThat(memory.take()).isSameAs(first);
    assertThat(memory.take()).isNotSameAs(first);
  }

  @Test
  void in_aFolder_hasAPartOfTheHeapsSize(@TempDir Path folder) throws Exception {
    ShardMemory memory = ShardMemory.in(folder);
    long heap = Runtime.getRuntime().maxMemory();
    assertThat(memory.promise(heap / 2 / ShardMemory.PIECE)).isFalse();
    assertThat(memory.promise(Math.min(heap / 4, 1L << 30) / ShardMemory.PIECE)).isTrue();
    assertThat(Integer.bitCount(memory.block())).isEqualTo(1);
  }
}
