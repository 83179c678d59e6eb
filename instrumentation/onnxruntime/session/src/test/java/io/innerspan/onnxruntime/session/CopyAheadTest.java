package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.testing.models.TransformerFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyAheadTest {
  private static final byte[] MODEL = {1, 2, 3, 4, 5};
  private static final Executor OTHER_THREAD = task -> new Thread(task).start();

  @TempDir Path folder;
  @TempDir Path models;
  private final Work work = new Work();
  private RecordingModel observer;

  @BeforeEach
  void observe() throws Exception {
    observer = new RecordingModel(TransformerFixture.postNorm().bytes(), List.of(), null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "bytes", "buffer"})
  void take_begunByAnotherThread_isTheModelAsItWas(String how) throws Exception {
    Path file = Files.write(models.resolve("model.onnx"), MODEL);
    byte[] bytes = MODEL.clone();
    ByteBuffer buffer = ByteBuffer.allocateDirect(9).put(new byte[2]).put(MODEL).flip().position(2);
    ModelSource source =
        switch (how) {
          case "path" -> ModelSource.of(file.toString());
          case "bytes" -> ModelSource.of(bytes);
          default -> ModelSource.of(buffer);
        };
    FileStamp stamp = FileStamp.of(file);
    CopyAhead ahead = new CopyAhead(source, folder, OTHER_THREAD, observer);
    ahead.begin();
    ahead.begin();
    try (ModelCopy copy = ahead.take(folder)) {
      ahead.close();
      // What the application does with its own from now on is its own affair.
      Files.write(file, new byte[20]);
      Arrays.fill(bytes, (byte) 0);
      buffer.put(2, new byte[5]);
      assertThat(buffer.position()).isEqualTo(2);
      assertThat(buffer.limit()).isEqualTo(7);
      assertThat(Path.of(copy.path())).hasBinaryContent(MODEL);
      assertThat(copy.stamp()).isEqualTo(how.equals("path") ? stamp : null);
      assertThat(copies()).filteredOn(ModelCopy::isCopy).hasSize(1);
    }
    assertThat(copies()).isEmpty();
    assertThat(observer.faults).isEmpty();
  }

  @Test
  void take_whileTheOtherThreadIsBusy_doesNotWaitForIt() throws Exception {
    CopyAhead ahead = new CopyAhead(ModelSource.of(MODEL), folder, work, observer);
    ahead.begin();
    try (ModelCopy copy = ahead.take(folder)) {
      assertThat(Path.of(copy.path())).hasBinaryContent(MODEL);
      work.doAll(); // It comes to it at last, and finds it done.
      assertThat(copies()).filteredOn(ModelCopy::isCopy).hasSize(1);
    }
  }

  @Test
  void take_notBegun_orToAnotherFolder_isMadeThere() throws Exception {
    Path other = Files.createDirectory(models.resolve("other"));
    try (CopyAhead ahead = new CopyAhead(ModelSource.of(MODEL), folder, OTHER_THREAD, observer)) {
      ahead.take(folder).close();
      ahead.begin();
      try (ModelCopy copy = ahead.take(other)) {
        assertThat(Path.of(copy.path())).hasParent(other).hasBinaryContent(MODEL);
      }
    }
    assertThat(copies()).isEmpty();
    assertThat(observer.faults).isEmpty();
  }

  @Test
  void close_ofACopyThatNobodyTook_leavesNoFile() throws Exception {
    for (Executor executor : List.of(work, OTHER_THREAD, (Executor) Runnable::run)) {
      CopyAhead ahead = new CopyAhead(ModelSource.of(MODEL), folder, executor, observer);
      ahead.begin();
      ahead.close();
      assertThat(copies()).isEmpty();
      work.doAll();
      assertThat(copies()).isEmpty();
    }
    assertThat(observer.faults).isEmpty();
  }

  @Test
  void failure_ofTheOtherThread_isThrownWhereTheCopyIsTaken_andToldWhereItIsNot() {
    Path missing = folder.resolve("missing");
    CopyAhead taken = new CopyAhead(ModelSource.of(MODEL), missing, OTHER_THREAD, observer);
    taken.begin();
    assertThatThrownBy(() -> taken.take(missing)).isInstanceOf(NoSuchFileException.class);
    taken.close();
    assertThat(observer.faults).isEmpty();
    CopyAhead closed = new CopyAhead(ModelSource.of(MODEL), missing, Runnable::run, observer);
    closed.begin();
    closed.close();
    assertThat(observer.faults)
        .singleElement()
        .satisfies(fault -> assertThat(fault).isInstanceOf(NoSuchFileException.class));
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
