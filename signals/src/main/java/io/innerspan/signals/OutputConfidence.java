package io.innerspan.signals;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How sure the model's own answer is: of the probabilities {@code softmax(logits / temperature)},
 * the largest, its margin over the second, and the entropy in nats.
 *
 * @param id the signal's id
 * @param hookPoint the model's output {@code [batch, answers]} or {@code [batch, tokens, answers]},
 *     of at least 2 answers
 * @param position the token whose prediction is looked at; of no matter where logits have no tokens
 * @param temperature from calibration on held-out data; 1 leaves the probabilities as they are
 * @param disagreement what the answer is compared with, or null
 */
public record OutputConfidence(
    String id,
    HookPoint hookPoint,
    Position position,
    double temperature,
    @Nullable Disagreement disagreement)
    implements Signal {
  /** The column of the largest probability. */
  public static final int MAX_PROBABILITY = 0;

  /** The column of the distance between the two largest probabilities. */
  public static final int MARGIN = 1;

  /** The column of the entropy. */
  public static final int ENTROPY = 2;

  /** The column of the compared answer's probability, where there is one. */
  public static final int ANSWER_PROBABILITY = 3;

  /**
   * A probe that should agree with one of the model's answers: their disagreement is {@code |score
   * − probability|}.
   *
   * @param probe the probe's id
   * @param answer the answer's index
   */
  public record Disagreement(String probe, int answer) {
    public Disagreement {
      Checks.id(probe);
      if (answer < 0) {
        throw new InvalidValueException("answer", "an index from 0 on", answer);
      }
    }
  }

  public OutputConfidence {
    Checks.id(id);
    Objects.requireNonNull(hookPoint, "hookPoint");
    Objects.requireNonNull(position, "position");
    Checks.positive("temperature", temperature);
  }

  @Override
  public TokenSelection tokens() {
    return position.tokens();
  }

  @Override
  public List<String> columnNames() {
    List<String> names = new ArrayList<>(List.of("max_probability", "margin", "entropy"));
    if (disagreement != null) {
      names.add("answer_probability");
    }
    return names;
  }
}
