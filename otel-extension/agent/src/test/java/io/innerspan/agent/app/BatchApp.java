package io.innerspan.agent.app;

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
 * Runs MiniLM on batches that it reads from standard input: rows of token ids separated by {@code
 * ;}, padding as 0 on either side. At the line {@value #REOPEN} it closes the session and opens
 * another one.
 */
final class BatchApp {
  private static final String REOPEN = "reopen";

  public static void main(String[] arguments) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    OrtSession session = environment.createSession(arguments[0]);
    try {
      System.out.println("open");
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        if (line.equals(REOPEN)) {
          session.close();
          session = environment.createSession(arguments[0]);
          System.out.println("open");
          continue;
        }
        long[][] ids =
            Arrays.stream(line.split(";"))
                .map(r -> Arrays.stream(r.split(",")).mapToLong(Long::parseLong).toArray())
                .toArray(long[][]::new);
        long[][] mask =
            Arrays.stream(ids)
                .map(r -> Arrays.stream(r).map(id -> id == 0 ? 0 : 1).toArray())
                .toArray(long[][]::new);
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        inputs.put("input_ids", OnnxTensor.createTensor(environment, ids));
        inputs.put("attention_mask", OnnxTensor.createTensor(environment, mask));
        inputs.put(
            "token_type_ids",
            OnnxTensor.createTensor(environment, new long[ids.length][ids[0].length]));
        try (OrtSession.Result result = session.run(inputs)) {
          System.out.println("ran " + result.size());
        }
      }
    } finally {
      session.close();
    }
    System.out.println("done");
  }

  private BatchApp() {}
}
