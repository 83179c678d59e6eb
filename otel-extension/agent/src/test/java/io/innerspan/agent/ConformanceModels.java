package io.innerspan.agent;

import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import io.innerspan.testing.models.ExampleShape;
import io.innerspan.testing.models.ExampleTensor;
import io.innerspan.testing.models.SmallModel;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Models in the layout of ONNX's backend tests: a folder for each, with {@code model.onnx}, files
 * of external data, and inputs as {@code test_data_set_N/input_M.pb}.
 */
final class ConformanceModels {
  private static final String MODEL = "model.onnx";
  private static final String DATA_SET = "test_data_set_";

  private ConformanceModels() {}

  /** The folders with a model, in the order of their names, however deep they lie. */
  static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.getFileName().toString().equals(MODEL))
          .map(Path::getParent)
          .sorted()
          .toList();
    }
  }

  /** Writes a model with some of its examples in the layout. */
  static void write(SmallModel model, List<ExampleShape> examples, Path folder) throws IOException {
    Path written = model.write(Files.createDirectories(folder.resolve(model.name())));
    Files.move(written, written.resolveSibling(MODEL));
    for (int set = 0; set < examples.size(); set++) {
      Path data = Files.createDirectory(written.resolveSibling(DATA_SET + set));
      int input = 0;
      for (ExampleTensor tensor : model.example(examples.get(set)).values()) {
        TensorProto.Builder proto =
            TensorProto.newBuilder()
                .setDataType(tensor.type().getNumber())
                .setRawData(ByteString.copyFrom(tensor.data()));
        for (long dimension : tensor.shape()) {
          proto.addDims(dimension);
        }
        Files.write(data.resolve("input_" + input++ + ".pb"), proto.build().toByteArray());
      }
    }
  }

  /**
   * Prepares a model for the application: under a name of its own, with inputs as it reads them.
   *
   * @return why the application cannot feed the model, or null when it can
   */
  static @Nullable String prepare(Path model, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        Files.copy(
            file, folder.resolve(name.equals(MODEL) ? folder.getFileName() + ".onnx" : name));
      }
    }
    List<ValueInfoProto> declared;
    try (var bytes = Files.newInputStream(model.resolve(MODEL))) {
      declared = ModelProto.parseFrom(bytes).getGraph().getInputList();
    } catch (IOException e) {
      return "the model is not in the format: " + e.getMessage();
    }
    int sets = 0;
    while (Files.isDirectory(model.resolve(DATA_SET + sets))) {
      String refusal =
          inputs(declared, model.resolve(DATA_SET + sets), folder.resolve(sets + ".inputs"));
      if (refusal != null) {
        return refusal;
      }
      sets++;
    }
    return sets == 0 ? "no data set" : null;
  }

  private static @Nullable String inputs(List<ValueInfoProto> declared, Path set, Path to)
      throws IOException {
    List<PlainTensor> tensors = new ArrayList<>();
    for (Path file = set.resolve("input_0.pb");
        Files.exists(file);
        file = set.resolve("input_" + tensors.size() + ".pb")) {
      ValueInfoProto input = declared.get(tensors.size());
      if (!input.getType().hasTensorType()) {
        return "an input is " + input.getType().getValueCase();
      }
      try (var bytes = Files.newInputStream(file)) {
        PlainTensor tensor = PlainTensor.of(input.getName(), TensorProto.parseFrom(bytes));
        if (tensor == null) {
          return "an input of elements " + input.getType().getTensorType().getElemType();
        }
        tensors.add(tensor);
      }
    }
    try (OutputStream file = Files.newOutputStream(to);
        DataOutputStream data = new DataOutputStream(new BufferedOutputStream(file))) {
      data.writeInt(tensors.size());
      for (PlainTensor tensor : tensors) {
        tensor.write(data);
      }
    }
    return null;
  }
}
