package io.innerspan.recorder.content;

import java.util.List;

/** Finds what must not leave the process. Thread-safe. */
interface Detector {
  /** No detector here needs to see more characters after the beginning of what it finds. */
  int LONGEST = 512;

  /** Adds what it finds. */
  void find(CharSequence text, List<Found> found);
}
