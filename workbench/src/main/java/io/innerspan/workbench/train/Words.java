package io.innerspan.workbench.train;

/** Words of a command line. */
final class Words {
  /** In the quotes of a shell, where the word needs them. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9._/-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private Words() {}
}
