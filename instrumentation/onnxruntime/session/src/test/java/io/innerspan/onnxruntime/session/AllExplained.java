package io.innerspan.onnxruntime.session;

import io.innerspan.onnxruntime.graft.EmbeddingPatch;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.opentelemetry.javaagent.innerspan.bridge.ExplainedInferences;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyWork;
import io.opentelemetry.javaagent.innerspan.bridge.TokenEmbedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Samples every inference, and keeps what is told of them. */
final class AllExplained implements ExplainedInferences {
  final List<SaliencyWork> taken = new ArrayList<>();
  final List<SaliencyMissingException> missing = new ArrayList<>();
  final List<String> occluded = new ArrayList<>();

  /** What becomes of an embedding before it is used. */
  UnaryOperator<TokenEmbedding> embedding = UnaryOperator.identity();

  @Override
  public boolean isSampled() {
    return true;
  }

  @Override
  public void explain(SaliencyWork work) {
    taken.add(work);
  }

  @Override
  public void notExplained(SaliencyMissingException exception) {
    missing.add(exception);
  }

  @Override
  public TokenEmbedding embedding(Path model, String ids)
      throws SaliencyMissingException, IOException {
    try {
      EmbeddingPatch patch = EmbeddingPatch.compile(OnnxModel.scan(model), ids);
      return embedding.apply(
          new TokenEmbedding(
              patch.tensor(),
              patch.edits(model),
              patch.overlay(),
              patch.maskInput(),
              patch.valuesInput()));
    } catch (ModelRefusedException e) {
      throw new SaliencyMissingException(Reason.UNSUPPORTED, e.reason());
    }
  }

  @Override
  public void occluded(String reason) {
    occluded.add(reason);
  }
}
