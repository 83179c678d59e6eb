package io.innerspan.benchmarks.application;

import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;

/** Says when it has begun, and when LangChain4j has given it one embedding. */
public final class FirstEmbedding {
  /** Said as the first thing in {@code main}. */
  public static final String BEGUN = "begun";

  /** Said with the first embedding at hand. */
  public static final String EMBEDDED = "embedded";

  public static void main(String[] arguments) {
    System.out.println(BEGUN);
    new AllMiniLmL6V2EmbeddingModel().embed("How long does the first answer take?");
    System.out.println(EMBEDDED);
  }

  private FirstEmbedding() {}
}
