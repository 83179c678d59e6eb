package io.innerspan.agent.app;

import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Embeds many texts with LangChain4j and prints each vector's bits, once at start and once for each
 * line of its standard input.
 */
final class EmbeddingApp {
  public static void main(String[] arguments) throws IOException {
    AllMiniLmL6V2EmbeddingModel model = new AllMiniLmL6V2EmbeddingModel();
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    int pass = 0;
    do {
      int number = 0;
      for (String text : Texts.all()) {
        System.out.println("embedding " + pass + "." + number++ + " " + embed(model, text));
      }
      System.out.println("pass " + pass++ + " done");
    } while (input.readLine() != null);
  }

  private static String embed(AllMiniLmL6V2EmbeddingModel model, String text) {
    try {
      float[] vector = model.embed(text).content().vector();
      int[] bits = new int[vector.length];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = Float.floatToRawIntBits(vector[i]);
      }
      return bits.length
          + " "
          + Arrays.hashCode(bits)
          + " "
          + bits[0]
          + " "
          + bits[bits.length - 1];
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  private EmbeddingApp() {}
}
