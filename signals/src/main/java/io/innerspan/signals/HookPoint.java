package io.innerspan.signals;

/**
 * An address inside a model: a TransformerLens name such as {@code
 * blocks.4.hook_normalized_resid_post}, or the raw name of a tensor.
 *
 * @param name the address as the pack's author wrote it, not blank
 */
public record HookPoint(String name) {
  public HookPoint {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a hook point needs a name, found a blank one");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
