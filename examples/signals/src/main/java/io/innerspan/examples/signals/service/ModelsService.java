package io.innerspan.examples.signals.service;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Opens the models of its arguments and LangChain4j's MiniLM, then runs one for each line that it
 * reads: {@code tokens PATH ID ID ...} or {@code text SOME WORDS}.
 */
public final class ModelsService {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final Map<String, OrtSession> sessions = new LinkedHashMap<>();
  private final AllMiniLmL6V2EmbeddingModel embeddings = new AllMiniLmL6V2EmbeddingModel();

  /** Runs until standard input ends. */
  public static void main(String[] models) throws IOException, OrtException {
    ModelsService service = new ModelsService();
    for (String model : models) {
      service.sessions.put(model, service.environment.createSession(model));
    }
    // The first text loads the model.
    service.embeddings.embed("warm up");
    System.out.println("open");
    service.serve();
  }

  private void serve() throws IOException, OrtException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = input.readLine()) != null) {
      if (line.startsWith("text ")) {
        embeddings.embed(line.substring("text ".length()));
      } else {
        String[] words = line.split(" ", -1);
        long[] ids = Arrays.stream(words).skip(2).mapToLong(Long::parseLong).toArray();
        run(Objects.requireNonNull(sessions.get(words[1]), words[1]), ids);
      }
      System.out.println("ran " + line);
    }
    for (OrtSession session : sessions.values()) {
      session.close();
    }
  }

  private void run(OrtSession session, long[] ids) throws OrtException {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try {
      for (NodeInfo input : session.getInputInfo().values()) {
        long[][] row = {values(input.getName(), ids)};
        inputs.put(input.getName(), OnnxTensor.createTensor(environment, row));
      }
      session.run(inputs).close();
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static long[] values(String input, long[] ids) {
    long[] values = ids.clone();
    for (int i = 0; i < ids.length; i++) {
      values[i] =
          switch (input) {
            case "input_ids" -> ids[i];
            case "attention_mask" -> 1;
            case "position_ids" -> i;
            default -> 0;
          };
    }
    return values;
  }
}
