package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.innerspan.testing.models.TransformerFixture;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scan costs the graph, not the weights. */
class ScanMemoryTest {
  private static final int WEIGHTS = 200 << 20;

  @Test
  void scan_hugeWeights_allocatesFarLess(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("huge.onnx");
    writeModel(file);
    OnnxModel.scan(file);

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    OnnxModel model = OnnxModel.scan(file);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(model.layers()).hasSize(2);
    assertThat(allocated).isLessThan(8 << 20);
  }

  /** A model with one more initializer, whose payload is a hole in the file. */
  private static void writeModel(Path file) throws IOException {
    byte[] model = TransformerFixture.postNorm().bytes();
    // TensorProto { data_type: FLOAT, raw_data: ... } in GraphProto.initializer in
    // ModelProto.graph.
    ByteBuffer tensor = ByteBuffer.allocate(16).put(new byte[] {2 << 3, 1, 9 << 3 | 2});
    putVarint(tensor, WEIGHTS);
    ByteBuffer graph = ByteBuffer.allocate(16).put((byte) (5 << 3 | 2));
    putVarint(graph, tensor.position() + WEIGHTS);
    ByteBuffer top = ByteBuffer.allocate(16).put((byte) (7 << 3 | 2));
    putVarint(top, graph.position() + tensor.position() + WEIGHTS);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(
          new ByteBuffer[] {ByteBuffer.wrap(model), top.flip(), graph.flip(), tensor.flip()});
      channel.write(ByteBuffer.allocate(1), channel.position() + WEIGHTS - 1);
    }
  }

  private static void putVarint(ByteBuffer buffer, int value) {
    int rest = value;
    while (rest > 127) {
      buffer.put((byte) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    buffer.put((byte) rest);
  }
}
