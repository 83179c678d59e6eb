package io.innerspan.djl.testing;

import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A folder as Hugging Face has it of a BERT that classifies by a text's first token. Tokens are a
 * pattern of ones and minus ones, which norms leave as it is, or its opposite; the only layer adds
 * nothing.
 */
final class SmallBert {
  /** The token whose classes are {@link #ODD}'s turned round. */
  static final long EVEN = 2;

  static final long ODD = 3;

  private static final int WIDTH = 8;
  private static final int INNER = 16;
  private static final int TOKENS = 5;
  private static final int POSITIONS = 16;
  private static final float[] SLOPES = {1, -2, 0.5f};
  private static final float[] BIASES = {0.5f, 0, -0.25f};

  private static final String CONFIG =
      """
      {"architectures":["BertForSequenceClassification"],"model_type":"bert","hidden_act":"gelu",
      "vocab_size":%d,"hidden_size":%d,"intermediate_size":%d,"max_position_embeddings":%d,
      "num_hidden_layers":1,"num_attention_heads":2,"type_vocab_size":2,"layer_norm_eps":1e-12,
      "initializer_range":0.02,"hidden_dropout_prob":0.1,"pad_token_id":0,"use_cache":false,
      "position_embedding_type":"absolute","id2label":{"0":"a","1":"b","2":"c"},
      "label2id":{"a":0,"b":1,"c":2}}
      """;

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private SmallBert() {
    String embeddings = "bert.embeddings.";
    add(embeddings + "word_embeddings.weight", words(), TOKENS, WIDTH);
    zeros(embeddings + "position_embeddings.weight", POSITIONS, WIDTH);
    zeros(embeddings + "token_type_embeddings.weight", 2, WIDTH);
    norm(embeddings + "LayerNorm");
    String layer = "bert.encoder.layer.0.";
    for (String part : new String[] {"query", "key", "value"}) {
      nothing(layer + "attention.self." + part, WIDTH, WIDTH);
    }
    nothing(layer + "attention.output.dense", WIDTH, WIDTH);
    norm(layer + "attention.output.LayerNorm");
    nothing(layer + "intermediate.dense", INNER, WIDTH);
    nothing(layer + "output.dense", WIDTH, INNER);
    norm(layer + "output.LayerNorm");
    add("bert.pooler.dense.weight", identity(), WIDTH, WIDTH);
    zeros("bert.pooler.dense.bias", WIDTH);
    add("classifier.weight", classes(), SLOPES.length, WIDTH);
    add("classifier.bias", BIASES, BIASES.length);
  }

  /** Writes the folder. */
  static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("config.json"), CONFIG.formatted(TOKENS, WIDTH, INNER, POSITIONS));
    SafetensorsWriter.write(folder.resolve("model.safetensors"), new SmallBert().tensors, Map.of());
    return folder;
  }

  private static float[] words() {
    float[] words = new float[TOKENS * WIDTH];
    for (int i = 0; i < words.length; i++) {
      boolean turned = i / WIDTH == ODD;
      words[i] = i % 2 == 0 ^ turned ? 1 : -1;
    }
    return words;
  }

  private static float[] identity() {
    float[] identity = new float[WIDTH * WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      identity[i * WIDTH + i] = 1;
    }
    return identity;
  }

  /** Every class looks at the first dimension alone. */
  private static float[] classes() {
    float[] weights = new float[SLOPES.length * WIDTH];
    for (int i = 0; i < SLOPES.length; i++) {
      weights[i * WIDTH] = SLOPES[i];
    }
    return weights;
  }

  private void norm(String name) {
    float[] ones = new float[WIDTH];
    Arrays.fill(ones, 1);
    add(name + ".weight", ones, WIDTH);
    zeros(name + ".bias", WIDTH);
  }

  private void nothing(String name, int out, int in) {
    zeros(name + ".weight", out, in);
    zeros(name + ".bias", out);
  }

  private void zeros(String name, int... shape) {
    add(name, new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)], shape);
  }

  private void add(String name, float[] values, int... shape) {
    tensors.put(name, Tensor.ofFloats(values, Arrays.stream(shape).asLongStream().toArray()));
  }
}
