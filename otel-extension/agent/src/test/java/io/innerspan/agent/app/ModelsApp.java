package io.innerspan.agent.app;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Holds sessions on several models open at once and runs each for every line that it reads. At the
 * line {@value #REOPEN} it closes them and opens others.
 */
final class ModelsApp {
  private static final String REOPEN = "reopen";
  private static final int TOKENS = 5;

  public static void main(String[] models) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OrtSession> sessions = open(environment, models);
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.equals(REOPEN)) {
        close(sessions);
        sessions = open(environment, models);
        continue;
      }
      for (Map.Entry<String, OrtSession> entry : sessions.entrySet()) {
        System.out.println("ran " + run(environment, entry.getValue()));
      }
    }
    close(sessions);
  }

  private static Map<String, OrtSession> open(OrtEnvironment environment, String[] models) {
    Map<String, OrtSession> sessions = new LinkedHashMap<>();
    for (String model : models) {
      try {
        sessions.put(model, environment.createSession(model));
      } catch (OrtException e) {
        System.out.println("refused " + e.getMessage());
      }
    }
    System.out.println("open");
    return sessions;
  }

  private static void close(Map<String, OrtSession> sessions) throws OrtException {
    for (OrtSession session : sessions.values()) {
      session.close();
    }
  }

  private static String run(OrtEnvironment environment, OrtSession session) throws OrtException {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    for (NodeInfo input : session.getInputInfo().values()) {
      TensorInfo info = (TensorInfo) input.getInfo();
      boolean tokens = info.type == OnnxJavaType.INT64;
      long columns = tokens ? TOKENS : info.getShape()[1];
      inputs.put(input.getName(), tensor(environment, tokens, (int) columns));
    }
    try (OrtSession.Result result = session.run(inputs)) {
      OnnxTensor output = (OnnxTensor) result.get(0);
      return result.size()
          + " "
          + session.getOutputNames()
          + " "
          + Arrays.toString(output.getInfo().getShape())
          + " "
          + output.getByteBuffer().hashCode();
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(OrtEnvironment environment, boolean tokens, int columns)
      throws OrtException {
    if (tokens) {
      long[] ones = new long[columns];
      Arrays.fill(ones, 1);
      return OnnxTensor.createTensor(environment, new long[][] {ones});
    }
    float[] halves = new float[columns];
    Arrays.fill(halves, 0.5f);
    return OnnxTensor.createTensor(environment, new float[][] {halves});
  }

  private ModelsApp() {}
}
