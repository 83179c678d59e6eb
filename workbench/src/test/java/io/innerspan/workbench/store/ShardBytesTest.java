package io.innerspan.workbench.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written in parts and in any order, in memory or on the disk, is the same file. */
class ShardBytesTest {
  private static final int PIECE = ShardMemory.PIECE;

  @TempDir Path folder;

  /** A block of 1 stands for a file system whose cache nothing passes by. */
  @ParameterizedTest
  @ValueSource(
      ints = {1, 4095, 4096, 4097, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 4097})
  void finish_partsInAnyOrderByThreads_areTheFile(int size) throws Exception {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    String checksum = Checksum.of(Files.write(folder.resolve("expected"), content));
    for (int block : new int[] {1, 4096}) {
      ShardMemory memory = new ShardMemory(3L * PIECE, block);
      // A second file is made of memory in which the first one still lies.
      for (int round = 0; round < 2; round++) {
        Path file = folder.resolve("gathered-" + block + "-" + round);
        assertThat(written(gathered(memory, file, size), content)).isEqualTo(checksum);
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
      }
      assertThat(memory.take(3L * PIECE)).as("all memory is back").hasSize(3);
    }
    Path file = folder.resolve("scattered");
    assertThat(written(new ScatteredBytes(file), content)).isEqualTo(checksum);
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
  }

  @Test
  void finish_overALongerFile_leavesNothingOfIt() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[3 * PIECE]);
    ShardMemory memory = new ShardMemory(PIECE, 4096);
    written(gathered(memory, file, 3), new byte[] {1, 2, 3});
    assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
    written(new ScatteredBytes(file), new byte[] {4, 5});
    assertThat(Files.readAllBytes(file)).containsExactly(4, 5);
  }

  @Test
  void begin_inNoFolder_isRefused() {
    Path file = folder.resolve("none").resolve("file");
    ShardMemory memory = new ShardMemory(PIECE, 4096);
    assertThatThrownBy(() -> GatheredBytes.in(memory, file, 1))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> new ScatteredBytes(file)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void begin_withoutMemory_isNothing() throws Exception {
    Path file = folder.resolve("file");
    assertThat(GatheredBytes.in(new ShardMemory(PIECE, 4096), file, PIECE + 1)).isNull();
    assertThat(file).doesNotExist();
  }

  private static ShardBytes gathered(ShardMemory memory, Path file, long size) throws IOException {
    return Objects.requireNonNull(GatheredBytes.in(memory, file, size));
  }

  private static String written(ShardBytes bytes, byte[] content) throws Exception {
    List<Integer> begins = new ArrayList<>();
    int part = Math.max(1, content.length / 7);
    for (int at = 0; at < content.length; at += part) {
      begins.add(at);
    }
    Collections.shuffle(begins, new Random(1));
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (bytes) {
      List<Future<?>> parts = new ArrayList<>();
      for (int at : begins) {
        ByteBuffer some = ByteBuffer.wrap(content, at, Math.min(part, content.length - at));
        parts.add(threads.submit(() -> write(bytes, at, some)));
      }
      for (Future<?> each : parts) {
        each.get();
      }
      return bytes.finish();
    } finally {
      threads.shutdown();
    }
  }

  private static Object write(ShardBytes bytes, int at, ByteBuffer some) throws IOException {
    bytes.write(at, some);
    return some;
  }
}
