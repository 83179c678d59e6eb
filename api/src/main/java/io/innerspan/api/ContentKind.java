package io.innerspan.api;

/** Which side of a model a text was on. */
public enum ContentKind {
  /** What the model was given. */
  INPUT,
  /** What the model gave. */
  OUTPUT
}
