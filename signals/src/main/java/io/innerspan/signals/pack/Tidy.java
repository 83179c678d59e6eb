package io.innerspan.signals.pack;

/** What to do about fields that nobody read. */
@FunctionalInterface
interface Tidy {
  /** Called when an object was read to its end. */
  void check(Fields fields);
}
