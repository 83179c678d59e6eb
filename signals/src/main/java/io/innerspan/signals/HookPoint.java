package io.innerspan.signals;

/**
 * An address inside a model: a TransformerLens name such as {@code
 * blocks.4.hook_normalized_resid_post}, or the raw name of a tensor.
 *
 * @param name the address as the pack's author wrote it: 1 to 512 characters, not blank and without
 *     control characters
 */
public record HookPoint(String name) {
  private static final int MAX_LENGTH = 512;

  public HookPoint {
    Checks.text("hook_point", name, MAX_LENGTH);
  }

  /** Whether a name can be an address: a tensor may have any name at all. */
  public static boolean isName(String name) {
    return Checks.isText(name, MAX_LENGTH);
  }

  @Override
  public String toString() {
    return name;
  }
}
