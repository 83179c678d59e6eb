package io.innerspan.api;

import java.util.Objects;

/**
 * Where an application meets Innerspan's agent, which puts code of its own into these methods.
 * Thread-safe. Whatever goes wrong inside the agent never comes out of them; only arguments that
 * are wrong in themselves throw, with the agent and without it.
 */
public final class Innerspan {

  /**
   * What the agent read of the latest inference that ended in this thread, for applications that
   * act on a score: block, route, ask a human. The reading does not change any more.
   *
   * <p>There is none without the agent; when the latest inference of this thread gave no reading,
   * because no pack is for its model or its graft is not certified yet; and when that inference
   * belongs to another trace than the current one, so that a pooled thread never shows the reading
   * of another request. Where requests have no trace, ask right after the inference.
   *
   * @return never null
   */
  public static InferenceReading currentReading() {
    return InferenceReading.none(); // The agent returns another one.
  }

  /**
   * Tells what came of an inference, a conversation or a task. It becomes the event {@code
   * gen_ai.evaluation.result} in the current trace, or in the one that the outcome names.
   */
  public static void report(Outcome outcome) {
    Objects.requireNonNull(outcome, "outcome");
  }

  /**
   * Hands over text that went into or came out of a model, for which the agent knows token ids
   * only. It leaves the process only if the agent's setting {@code content} says so, and then
   * redacted or as a salted digest; off is the default.
   */
  public static void content(ContentKind kind, String text) {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(text, "text");
  }

  private Innerspan() {}
}
