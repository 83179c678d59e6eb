package io.innerspan.agent.app;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs models on their data sets, one after the other: each when its folder's name is read, again
 * and again until the next line, and twice more then. Of each data set all results that differ are
 * printed.
 */
final class ConformanceApp {
  private static final String TAKEN = "outputs ";

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final String name;
  private final Path folder;

  private ConformanceApp(Path models, String name) {
    this.name = name;
    this.folder = models.resolve(name);
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String name;
    while ((name = commands.readLine()) != null) {
      new ConformanceApp(Path.of(arguments[0]), name).run(commands);
    }
  }

  private void run(BufferedReader commands) throws IOException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1); // Threads are dearer than such models.
      try (OrtSession session =
          environment.createSession(folder.resolve(name + ".onnx").toString(), options)) {
        run(session, commands);
      }
    } catch (OrtException e) {
      say("result open: " + oneLine(e));
      say("ran 0");
      commands.readLine();
    }
    say("closed");
  }

  private void run(OrtSession session, BufferedReader commands) throws IOException {
    Map<Path, Set<String>> seen = new LinkedHashMap<>();
    List<Path> taken = new ArrayList<>();
    for (Path set : inputSets()) {
      String result = run(session, set);
      seen.put(set, new LinkedHashSet<>(Set.of(result)));
      if (result.startsWith(TAKEN)) {
        taken.add(set);
      }
    }
    say("ran " + taken.size());
    while (!commands.ready()) { // Until the test has seen that it is decided who answers.
      for (Path set : taken) {
        seen.get(set).add(run(session, set));
      }
    }
    commands.readLine();
    seen.forEach((set, results) -> say("result 0 " + set.getFileName() + " " + results));
    for (int pass = 1; pass <= 2; pass++) {
      for (Path set : inputSets()) {
        say("result " + pass + " " + set.getFileName() + " [" + run(session, set) + "]");
      }
    }
  }

  /** The outputs, or what went wrong. */
  private String run(OrtSession session, Path set) throws IOException {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try {
      read(set, inputs);
      try (OrtSession.Result result = session.run(inputs)) {
        StringBuilder outputs = new StringBuilder(TAKEN);
        result.forEach(
            output ->
                outputs.append(output.getKey()).append('=').append(Bits.of(output.getValue())));
        return outputs.toString();
      }
    } catch (OrtException | RuntimeException e) {
      return oneLine(e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private List<Path> inputSets() {
    List<Path> sets = new ArrayList<>();
    for (int i = 0; Files.exists(folder.resolve(i + ".inputs")); i++) {
      sets.add(folder.resolve(i + ".inputs"));
    }
    return sets;
  }

  private void read(Path set, Map<String, OnnxTensor> inputs) throws IOException, OrtException {
    try (InputStream file = Files.newInputStream(set);
        DataInputStream data = new DataInputStream(new BufferedInputStream(file))) {
      int count = data.readInt();
      for (int i = 0; i < count; i++) {
        inputs.put(data.readUTF(), tensor(data));
      }
    }
  }

  private OnnxTensor tensor(DataInputStream data) throws IOException, OrtException {
    OnnxJavaType type = OnnxJavaType.valueOf(data.readUTF());
    long[] shape = new long[data.readInt()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = data.readLong();
    }
    int length = data.readInt();
    if (type == OnnxJavaType.STRING) {
      String[] texts = new String[length];
      for (int i = 0; i < length; i++) {
        texts[i] = data.readUTF();
      }
      return OnnxTensor.createTensor(environment, texts, shape);
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
    bytes.put(data.readNBytes(length)).flip();
    // By typed buffers: version 1.12 counts a ByteBuffer's bytes as elements.
    return switch (type) {
      case FLOAT -> OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), shape);
      case DOUBLE -> OnnxTensor.createTensor(environment, bytes.asDoubleBuffer(), shape);
      case INT16 -> OnnxTensor.createTensor(environment, bytes.asShortBuffer(), shape);
      case INT32 -> OnnxTensor.createTensor(environment, bytes.asIntBuffer(), shape);
      case INT64 -> OnnxTensor.createTensor(environment, bytes.asLongBuffer(), shape);
      default -> OnnxTensor.createTensor(environment, bytes, shape, type);
    };
  }

  private void say(String text) {
    System.out.println(name + ": " + text);
  }

  /** What went wrong, without the address of the library that says where. */
  private static String oneLine(Exception e) {
    return e.getClass().getSimpleName()
        + " "
        + String.valueOf(e.getMessage()).replace('\n', ' ').replace(File.separatorChar, '/');
  }
}
