package io.innerspan.agent.app;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Prints how sessions, options and results live on a model with the inputs {@code input_ids} and
 * {@code attention_mask}: first while sessions are new, then after a line on standard input.
 */
final class LifeApp {
  private static final int THREADS = 8;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final Path model;

  private LifeApp(Path model) {
    this.model = model;
  }

  public static void main(String[] arguments) throws Exception {
    new LifeApp(Path.of(arguments[0])).run();
  }

  private void run() throws Exception {
    List<OrtSession> sessions = openWithSharedOptions();
    List<OrtSession.Result> kept = new ArrayList<>();
    for (OrtSession session : sessions) {
      kept.add(result(session, 1));
      concurrently("new", session);
      cancelled("new", session);
    }
    training();
    providers();
    System.out.println("sessions open");
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    for (OrtSession session : sessions) {
      kept.add(result(session, 2));
      concurrently("later", session);
      cancelled("later", session);
      kept.add(result(session, 3));
    }
    print("kept", kept);
    for (OrtSession session : sessions) {
      session.close();
      attempt("closed twice", () -> closeAgain(session));
    }
    print("kept beyond their sessions", kept);
    for (OrtSession.Result result : kept) {
      result.close();
      attempt("closed result", () -> result.get(0));
      attempt("closed result by name", () -> result.get("last_hidden_state"));
    }
    System.out.println("done");
  }

  private List<OrtSession> openWithSharedOptions() throws Exception {
    List<OrtSession> sessions = new ArrayList<>();
    try (SessionOptions shared = new SessionOptions()) {
      shared.setIntraOpNumThreads(1);
      shared.setCPUArenaAllocator(false);
      sessions.add(environment.createSession(model.toString(), shared));
      shared.setMemoryPatternOptimization(false);
      sessions.add(environment.createSession(Files.readAllBytes(model), shared));
    }
    return sessions;
  }

  private OrtSession.Result result(OrtSession session, int seed) throws OrtException {
    Map<String, OnnxTensor> inputs = inputs(2, 5 + seed);
    try {
      return session.run(inputs);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private void concurrently(String when, OrtSession session) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<String>> hashes = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int tokens = 3 + thread;
        hashes.add(threads.submit(() -> manyRuns(session, tokens)));
      }
      for (Future<String> hash : hashes) {
        System.out.println("concurrent " + when + " " + hash.get());
      }
    } finally {
      threads.shutdown();
    }
  }

  private String manyRuns(OrtSession session, int tokens) throws OrtException {
    TreeSet<String> seen = new TreeSet<>();
    Map<String, OnnxTensor> inputs = inputs(1, tokens);
    for (int run = 0; run < 50; run++) {
      try (OrtSession.Result result = session.run(inputs)) {
        seen.add(hash(result));
      }
    }
    inputs.values().forEach(OnnxTensor::close);
    return seen.toString();
  }

  private void cancelled(String when, OrtSession session) throws OrtException {
    Map<String, OnnxTensor> inputs = inputs(1, 4);
    try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
      options.setTerminate(true);
      attempt("cancelled " + when, () -> session.run(inputs, options));
      options.setTerminate(false);
      try (OrtSession.Result result = session.run(inputs, options)) {
        System.out.println("not cancelled " + when + " " + hash(result));
      }
    }
    inputs.values().forEach(OnnxTensor::close);
  }

  /** This build of ONNX Runtime cannot train, and says so in its own words. */
  private void training() {
    for (Method method : OrtEnvironment.class.getMethods()) {
      if (method.getName().equals("createTrainingSession") && method.getParameterCount() == 4) {
        attempt(
            "training",
            () ->
                method.invoke(
                    environment, model.toString(), model.toString(), null, model.toString()));
      }
    }
  }

  /** A provider that this build lacks leaves options that open the model on the CPU. */
  private void providers() throws Exception {
    System.out.println("providers " + OrtEnvironment.getAvailableProviders());
    try (SessionOptions options = new SessionOptions()) {
      attempt("cuda", () -> call(options, "addCUDA", int.class, 0));
      attempt("xnnpack", () -> call(options, "addXnnpack", Map.class, Map.of()));
      try (OrtSession session = environment.createSession(model.toString(), options)) {
        print("on what is left", List.of(result(session, 1)));
      }
    }
  }

  private static Object call(Object target, String name, Class<?> type, Object argument)
      throws Exception {
    target.getClass().getMethod(name, type).invoke(target, argument);
    return "added";
  }

  private static void print(String what, List<OrtSession.Result> results) throws OrtException {
    for (OrtSession.Result result : results) {
      StringBuilder line = new StringBuilder(what).append(' ').append(result.size());
      for (Map.Entry<String, OnnxValue> entry : result) {
        line.append(' ').append(entry.getKey());
        line.append(' ').append(result.get(entry.getKey()).orElseThrow() == entry.getValue());
      }
      System.out.println(line.append(' ').append(hash(result)));
    }
  }

  private static String hash(OrtSession.Result result) throws OrtException {
    OnnxTensor tensor = (OnnxTensor) result.get(0);
    return Arrays.toString(tensor.getInfo().getShape()) + tensor.getByteBuffer().hashCode();
  }

  private interface Attempt {
    Object run() throws Exception;
  }

  private static void attempt(String name, Attempt attempt) {
    try {
      attempt.run();
      System.out.println(name + " succeeded");
    } catch (InvocationTargetException e) {
      System.out.println(name + " " + e.getCause());
    } catch (Exception e) {
      System.out.println(name + " " + e);
    }
  }

  private static String closeAgain(OrtSession session) throws OrtException {
    session.close();
    return "closed";
  }

  private Map<String, OnnxTensor> inputs(int batch, int tokens) throws OrtException {
    long[][] ids = new long[batch][tokens];
    long[][] mask = new long[batch][tokens];
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t < tokens; t++) {
        ids[b][t] = (b * 11L + t * 7L) % 40;
        mask[b][t] = 1;
      }
    }
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("input_ids", OnnxTensor.createTensor(environment, ids));
    inputs.put("attention_mask", OnnxTensor.createTensor(environment, mask));
    return inputs;
  }
}
