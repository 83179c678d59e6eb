package io.innerspan.agent.app;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Prints everything that ONNX Runtime's Java API tells of sessions on one model: first while they
 * are new, then after a line on standard input.
 */
final class SessionApp {
  private static final int HIDDEN = 384;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final Path model;

  private SessionApp(Path model) {
    this.model = model;
  }

  public static void main(String[] arguments) throws Exception {
    new SessionApp(Path.of(arguments[0])).run(Path.of(arguments[1]));
  }

  private void run(Path optimized) throws Exception {
    Map<String, OrtSession> sessions = new LinkedHashMap<>();
    sessions.put("path", open("path"));
    sessions.put("bytes", open("bytes"));
    if (hasMethod(OrtEnvironment.class, "createSession", ByteBuffer.class)) {
      sessions.put("buffer", open("buffer"));
    }
    for (Map.Entry<String, OrtSession> entry : sessions.entrySet()) {
      describe(entry.getKey(), entry.getValue());
      runs(entry.getKey() + " new", entry.getValue());
    }
    System.out.println("sessions open");
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    for (Map.Entry<String, OrtSession> entry : sessions.entrySet()) {
      describe(entry.getKey(), entry.getValue());
      runs(entry.getKey(), entry.getValue());
      errors(entry.getKey(), entry.getValue());
      broadcast(entry.getKey(), entry.getValue());
      runs(entry.getKey() + " afterwards", entry.getValue());
      close(entry.getKey(), entry.getValue());
    }
    optimized(optimized);
    refused();
    System.out.println("done");
  }

  private OrtSession open(String how) throws Exception {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      OrtSession session =
          switch (how) {
            case "path" -> environment.createSession(model.toString(), options);
            case "bytes" -> environment.createSession(Files.readAllBytes(model), options);
            default ->
                (OrtSession)
                    OrtEnvironment.class
                        .getMethod("createSession", ByteBuffer.class, SessionOptions.class)
                        .invoke(environment, direct(), options);
          };
      if (hasMethod(SessionOptions.class, "getConfigEntries")) {
        System.out.println(
            how + " options " + SessionOptions.class.getMethod("getConfigEntries").invoke(options));
      }
      return session;
    }
  }

  private ByteBuffer direct() throws IOException {
    byte[] bytes = Files.readAllBytes(model);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static void describe(String name, OrtSession session) throws OrtException {
    System.out.println(name + " inputs " + session.getInputNames() + session.getNumInputs());
    System.out.println(name + " outputs " + session.getOutputNames() + session.getNumOutputs());
    for (Map.Entry<String, NodeInfo> info : session.getOutputInfo().entrySet()) {
      System.out.println(name + " output " + info.getKey() + " " + info.getValue());
    }
    for (Map.Entry<String, NodeInfo> info : session.getInputInfo().entrySet()) {
      System.out.println(name + " input " + info.getKey() + " " + info.getValue());
    }
    System.out.println(name + " " + session);
    System.out.println(
        name + " " + new TreeSet<>(session.getMetadata().getCustomMetadata().keySet()));
    System.out.println(name + " " + session.getMetadata());
    System.out.println(
        name
            + (session.getProfilingStartTimeInNs() >= 0 ? " profile '" : " negative profile '")
            + session.endProfiling()
            + "'");
  }

  private void runs(String name, OrtSession session) throws Exception {
    for (int[] size : new int[][] {{1, 8}, {3, 21}, {2, 64}}) {
      try (Inputs inputs = inputs(size[0], size[1], size[1])) {
        Set<String> all = session.getOutputNames();
        print(name + " all", session.run(inputs.map));
        print(name + " requested", session.run(inputs.map, all));
        try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
          print(name + " options", session.run(inputs.map, options));
          print(name + " both", session.run(inputs.map, new LinkedHashSet<>(all), options));
        }
        pinned(name, session, inputs, size);
      }
    }
  }

  private void pinned(String name, OrtSession session, Inputs inputs, int[] size) throws Exception {
    if (!hasMethod(OrtSession.class, "run", Map.class, Map.class)) {
      return;
    }
    int count = size[0] * size[1] * HIDDEN;
    ByteBuffer memory = ByteBuffer.allocateDirect(count * 4).order(ByteOrder.nativeOrder());
    String output = session.getOutputNames().iterator().next();
    try (OnnxTensor pin =
        OnnxTensor.createTensor(
            environment, memory.asFloatBuffer(), new long[] {size[0], size[1], HIDDEN})) {
      OrtSession.Result result =
          (OrtSession.Result)
              OrtSession.class
                  .getMethod("run", Map.class, Map.class)
                  .invoke(session, inputs.map, Map.of(output, pin));
      System.out.println(
          name
              + " pinned same "
              + (result.get(0) == pin)
              + " owner "
              + OrtSession.Result.class.getMethod("isResultOwner", int.class).invoke(result, 0));
      print(name + " pinned", result);
      System.out.println(name + " pin holds " + memory.getFloat(0));
      try {
        OrtSession.class
            .getMethod("run", Map.class, Set.class, Map.class)
            .invoke(session, inputs.map, Set.of(output), Map.of(output, pin));
      } catch (InvocationTargetException e) {
        System.out.println(name + " pinned twice: " + e.getCause());
      }
    }
  }

  private static void print(String name, OrtSession.Result result) throws OrtException {
    try (result) {
      StringBuilder line = new StringBuilder(name).append(" size ").append(result.size());
      int index = 0;
      for (Map.Entry<String, OnnxValue> entry : result) {
        OnnxTensor tensor = (OnnxTensor) entry.getValue();
        line.append(' ').append(entry.getKey());
        line.append(' ').append(result.get(index++) == tensor);
        line.append(' ').append(result.get(entry.getKey()).orElseThrow() == tensor);
        line.append(' ').append(Arrays.toString(tensor.getInfo().getShape()));
        line.append(' ').append(tensor.getByteBuffer().hashCode());
      }
      line.append(" hidden ").append(result.get("innerspan/reading").isPresent());
      try {
        result.get(index);
        line.append(" more");
      } catch (IndexOutOfBoundsException e) {
        line.append(' ').append(e.getMessage());
      }
      System.out.println(line);
    }
  }

  private interface Attempt {
    Object run() throws Exception;
  }

  private void errors(String name, OrtSession session) throws OrtException {
    try (Inputs inputs = inputs(1, 8, 8);
        OnnxTensor floats = OnnxTensor.createTensor(environment, new float[1][8]);
        OnnxTensor high = OnnxTensor.createTensor(environment, new long[][] {{99_999_999L}})) {
      attempt(name + " hidden", () -> session.run(inputs.map, Set.of("innerspan/reading")));
      attempt(name + " unknown", () -> session.run(inputs.map, Set.of("nothing")));
      attempt(name + " none", () -> session.run(inputs.map, Set.of()));
      List<String> many = new ArrayList<>(session.getOutputNames());
      many.add("one");
      many.add("two");
      attempt(name + " many", () -> session.run(inputs.map, new LinkedHashSet<>(many)));
      attempt(name + " no inputs", () -> session.run(Map.of()));
      attempt(name + " unknown input", () -> session.run(Map.of("nothing", floats)));
      attempt(name + " type", () -> session.run(inputs.with("input_ids", floats)));
      attempt(name + " range", () -> session.run(inputs.with("input_ids", high)));
      attempt(name + " missing", () -> session.run(inputs.without("attention_mask")));
    }
  }

  private void broadcast(String name, OrtSession session) throws OrtException {
    try (Inputs inputs = inputs(1, 16, 16);
        OnnxTensor one = OnnxTensor.createTensor(environment, new long[][] {{1}})) {
      print(name + " broadcast", session.run(inputs.with("attention_mask", one)));
    }
  }

  private static void attempt(String name, Attempt attempt) {
    try {
      System.out.println(name + " gave " + attempt.run());
    } catch (Exception e) {
      System.out.println(name + " " + e);
    }
  }

  private void close(String name, OrtSession session) throws OrtException {
    session.close();
    attempt(name + " closed names", session::getOutputNames);
    attempt(name + " closed types", session::getInputInfo);
    attempt(name + " closed metadata", session::getMetadata);
    attempt(
        name + " closed again",
        () -> {
          session.close();
          return "closed";
        });
    try (Inputs inputs = inputs(1, 8, 8)) {
      attempt(name + " closed run", () -> session.run(inputs.map));
    }
  }

  /** The file that the application asks for must hold nothing of ours. */
  private void optimized(Path file) throws Exception {
    try (SessionOptions options = new SessionOptions()) {
      options.setOptimizationLevel(SessionOptions.OptLevel.BASIC_OPT);
      options.setOptimizedModelFilePath(file.toString());
      environment.createSession(model.toString(), options).close();
    }
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    System.out.println("optimized " + Files.size(file) + " ours " + bytes.contains("innerspan/"));
  }

  private void refused() {
    attempt("no file", () -> environment.createSession("/no/such/model.onnx"));
    attempt("no model", () -> environment.createSession(new byte[] {1, 2, 3}));
  }

  private Inputs inputs(int batch, int sequence, long seed) throws OrtException {
    long[][] ids = new long[batch][sequence];
    long[][] mask = new long[batch][sequence];
    for (int b = 0; b < batch; b++) {
      for (int s = 0; s < sequence; s++) {
        ids[b][s] = s == 0 ? 101 : 1000 + (seed * 31 + b * 7L + s * 13L) % 20_000;
        mask[b][s] = b > 0 && s >= sequence / 2 ? 0 : 1;
      }
    }
    Inputs inputs = new Inputs();
    inputs.map.put("input_ids", OnnxTensor.createTensor(environment, ids));
    inputs.map.put("attention_mask", OnnxTensor.createTensor(environment, mask));
    inputs.map.put(
        "token_type_ids", OnnxTensor.createTensor(environment, new long[batch][sequence]));
    return inputs;
  }

  private static boolean hasMethod(Class<?> type, String name, Class<?>... parameters) {
    try {
      type.getMethod(name, parameters);
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static final class Inputs implements AutoCloseable {
    final Map<String, OnnxTensor> map = new LinkedHashMap<>();

    Map<String, OnnxTensor> with(String name, OnnxTensor tensor) {
      Map<String, OnnxTensor> changed = new LinkedHashMap<>(map);
      changed.put(name, tensor);
      return changed;
    }

    Map<String, OnnxTensor> without(String name) {
      Map<String, OnnxTensor> changed = new LinkedHashMap<>(map);
      changed.remove(name);
      return changed;
    }

    @Override
    public void close() {
      map.values().forEach(OnnxTensor::close);
    }
  }
}
