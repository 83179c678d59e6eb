import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An application for {@code parity.py} and {@code sklearn_fixture.py}: runs a text model on token ids, a row a line of
 * standard input, as any application would; it knows nothing of the agent.
 */
final class Replay {
  public static void main(String[] arguments) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (OrtSession session = environment.createSession(arguments[0])) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        long[] ids = Arrays.stream(line.trim().split(" ")).mapToLong(Long::parseLong).toArray();
        long[] ones = new long[ids.length];
        Arrays.fill(ones, 1);
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        for (String name : session.getInputNames()) {
          long[] row = name.contains("mask") ? ones : name.contains("token_type") ? new long[ids.length] : ids;
          inputs.put(name, OnnxTensor.createTensor(environment, new long[][] {row}));
        }
        try (OrtSession.Result result = session.run(inputs)) {
          inputs.values().forEach(OnnxTensor::close);
        }
      }
    }
  }
}
