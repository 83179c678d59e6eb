package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCopyTest {
  private static final byte[] OVERLAY = {9, 8, 7};

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, (1 << 20) - 1, (1 << 20) + 1, 3_000_000})
  void copy_ofEverySource_isTheModelAndTheOverlay(int size, @TempDir Path folder) throws Exception {
    byte[] model = new byte[size];
    new Random(size).nextBytes(model);
    byte[] both = RecordingModel.concatenate(model, OVERLAY);
    Path file = Files.write(folder.resolve("model"), model);
    ByteBuffer buffer = ByteBuffer.allocateDirect(size + 4).put(new byte[2]).put(model);
    buffer.flip().position(2);
    for (ModelSource source :
        new ModelSource[] {
          ModelSource.of(file.toString()), ModelSource.of(model), ModelSource.of(buffer)
        }) {
      try (ModelCopy copy = ModelCopy.create(source, folder)) {
        Path path = Path.of(copy.path());
        assertThat(Files.readAllBytes(path)).isEqualTo(model);
        assertThat(copy.stamp())
            .isEqualTo(source instanceof ModelSource.File ? FileStamp.of(file) : null);
        copy.graft(OVERLAY);
        assertThat(Files.readAllBytes(path)).isEqualTo(both);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .isEqualTo("rw-------");
        assertThat(copy.sha256())
            .isEqualTo(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(model)));
        copy.truncate();
        assertThat(Files.readAllBytes(path)).isEqualTo(model);
        copy.graft(new byte[] {1});
        assertThat(Files.size(path)).isEqualTo(size + 1L);
        assertThat(buffer.position()).isEqualTo(2);
        copy.close();
        assertThat(path).doesNotExist();
      }
    }
  }

  @Test
  void close_byTwoThreadsAtOnce_isOneClose(@TempDir Path folder) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      for (int i = 0; i < 2_000; i++) {
        ModelCopy copy = ModelCopy.create(ModelSource.of(new byte[10]), folder);
        CyclicBarrier both = new CyclicBarrier(2);
        Future<?> other = thread.submit(() -> closeWhen(both, copy));
        closeWhen(both, copy);
        other.get();
        assertThat(Path.of(copy.path())).doesNotExist();
      }
    } finally {
      thread.shutdownNow();
    }
  }

  private static Void closeWhen(CyclicBarrier ready, ModelCopy copy) throws Exception {
    ready.await();
    copy.close();
    return null;
  }

  @Test
  void staleCopies_areRemoved_andLiveAndYoungAndForeignFilesStay(@TempDir Path folder)
      throws Exception {
    Path stale = Files.createFile(folder.resolve("innerspan-1.onnx"));
    Path young = Files.createFile(folder.resolve("innerspan-2.onnx"));
    Path foreign = Files.createFile(folder.resolve("model.onnx"));
    try (ModelCopy live = ModelCopy.create(ModelSource.of(new byte[10]), folder)) {
      FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
      Files.setLastModifiedTime(stale, old);
      Files.setLastModifiedTime(foreign, old);
      Files.setLastModifiedTime(Path.of(live.path()), old);
      StaleCopies.remove(folder, Instant.now());
      assertThat(stale).doesNotExist();
      assertThat(young).exists();
      assertThat(foreign).exists();
      assertThat(Path.of(live.path())).exists();
    }
  }

  /** However often it was opened and closed here since, as the engine does. */
  @Test
  void liveCopy_isLeftAlone_byOtherJvmsAndByThisOne(@TempDir Path folder) throws Exception {
    try (ModelCopy live = ModelCopy.create(ModelSource.of(new byte[10]), folder)) {
      Path copy = Path.of(live.path());
      assertThat(Files.readAllBytes(copy)).hasSize(10);
      StaleCopies.remove(folder, Instant.now().plus(Duration.ofHours(1)));
      CopyingJvm.run("remove", folder);

      assertThat(copy).exists();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void copyOfAKilledJvm_isRemoved_withItsLock(@TempDir Path folder) throws Exception {
    CopyingJvm.run("leave", folder);
    assertThat(folder).isNotEmptyDirectory();
    StaleCopies.remove(folder, Instant.now());
    assertThat(folder).as("still young").isNotEmptyDirectory();

    StaleCopies.remove(folder, Instant.now().plus(Duration.ofHours(1)));
    assertThat(folder).isEmptyDirectory();
  }
}
