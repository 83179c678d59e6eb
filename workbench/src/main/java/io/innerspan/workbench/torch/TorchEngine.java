package io.innerspan.workbench.torch;

import ai.djl.engine.Engine;
import io.innerspan.workbench.data.BadInput;

/** DJL's PyTorch engine. */
final class TorchEngine {
  /** As DJL calls it. */
  static final String NAME = "PyTorch";

  /**
   * Makes ready what must be before the engine's first class is loaded.
   *
   * @throws BadInput when the engine is not there
   */
  static void require() {
    // One thread for each batch: batches run beside each other, and bits repeat.
    if (System.getProperty("ai.djl.pytorch.num_threads") == null) {
      System.setProperty("ai.djl.pytorch.num_threads", "1");
      System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    }
    BlockHooks.install();
    if (!Engine.hasEngine(NAME)) {
      throw new BadInput(
          "--engine djl: expected DJL's PyTorch engine on the class path (name its folder of jars"
              + " in INNERSPAN_PYTORCH), found "
              + (Engine.getAllEngines().isEmpty() ? "no engine" : Engine.getAllEngines()));
    }
  }

  /** What it is called in a store. */
  static String version() {
    return "djl pytorch " + Engine.getEngine(NAME).getVersion();
  }

  /** The first line of what an exception says. */
  static String first(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message.lines().findFirst().orElse(e.toString());
  }

  private TorchEngine() {}
}
