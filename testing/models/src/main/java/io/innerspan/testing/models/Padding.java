package io.innerspan.testing.models;

/** Where the rows of an example are padded. Rows are of unequal lengths unless {@link #NONE}. */
public enum Padding {
  NONE,
  LEFT,
  RIGHT,
  BOTH
}
