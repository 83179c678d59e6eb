package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import io.innerspan.benchmarks.application.MiniLm;
import io.innerspan.onnxruntime.graft.OnnxModel;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenamedModelTest {
  @TempDir Path folder;

  @Test
  void write_keepsWhatTheModelComputes_andChangesItsStructure() throws Exception {
    Path original = folder.resolve("model.onnx");
    try (InputStream in = getClass().getResourceAsStream("/all-minilm-l6-v2.onnx")) {
      Files.copy(in, original);
    }
    Path first = folder.resolve("first.onnx");
    Path second = folder.resolve("second.onnx");
    RenamedModel.write(original, "_first", first);
    RenamedModel.write(original, "_second", second);

    assertThat(OnnxModel.scan(first).structure())
        .isNotEqualTo(OnnxModel.scan(original).structure())
        .isNotEqualTo(OnnxModel.scan(second).structure());
    assertThat(answer(first)).isEqualTo(answer(original));
  }

  private static float[][][] answer(Path model) throws Exception {
    Map<String, OnnxTensor> inputs = MiniLm.inputs(2, 9, 1);
    try (OrtSession session = MiniLm.open(model.toString());
        OrtSession.Result result = session.run(inputs)) {
      return (float[][][]) result.get(0).getValue();
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }
}
