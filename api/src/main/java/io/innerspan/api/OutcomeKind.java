package io.innerspan.api;

/** Who says what came of an inference, and what kind of statement it is. */
public enum OutcomeKind {
  /** Whether the task that the model was used for was done. */
  TASK_SUCCESS,
  /** A user corrected what the model gave. */
  USER_CORRECTION,
  /** A human had to take over. */
  ESCALATION,
  /** A human judged what the model gave. */
  HUMAN_VERDICT,
  /** A program, such as another model, judged what the model gave. */
  JUDGE_VERDICT
}
