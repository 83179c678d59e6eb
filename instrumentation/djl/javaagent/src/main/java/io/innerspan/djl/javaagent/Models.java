package io.innerspan.djl.javaagent;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.nn.Block;
import io.opentelemetry.instrumentation.api.util.VirtualField;
import io.opentelemetry.javaagent.innerspan.bridge.LoadedModel;
import io.opentelemetry.javaagent.innerspan.bridge.PredictionObserver;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The models that predictors predict with: one per block, for a model object that is loaded again
 * has another block. Thread-safe.
 */
public final class Models {
  private static final VirtualField<Block, KnownModel> BY_BLOCK =
      VirtualField.find(Block.class, KnownModel.class);

  /** Of models without a block, which run outside of the JVM. */
  private static final VirtualField<Model, KnownModel> BY_MODEL =
      VirtualField.find(Model.class, KnownModel.class);

  private static final VirtualField<Block, Readable> SCRIPTS =
      VirtualField.find(Block.class, Readable.class);

  private static final Object LOCK = new Object();

  /** A block was loaded from a TorchScript file, and not by us. */
  public static void loaded(@Nullable Object block, @Nullable Path file) {
    if (block instanceof Block loaded && SCRIPTS.get(loaded) == null) {
      loaded(loaded, Readable.unread(file, null));
    }
  }

  /** A block was loaded from a TorchScript archive. */
  static void loaded(Block block, Readable script) {
    SCRIPTS.set(block, script);
  }

  /** A TorchScript module is closed. */
  public static void closed(Object block) {
    Readable script = block instanceof Block closed ? SCRIPTS.get(closed) : null;
    if (script != null) {
      script.close();
      ReadModel known = found(BY_BLOCK.get((Block) block));
      if (known != null) {
        known.samples().close();
      }
    }
  }

  /** A model is closed. */
  public static void closed(Model model) {
    Block block = model.getBlock();
    ReadModel known = block == null ? null : found(BY_BLOCK.get(block));
    if (known != null) {
      known.close();
    }
  }

  private static @Nullable ReadModel found(@Nullable KnownModel known) {
    return known == null ? null : known.found();
  }

  static ReadModel of(PredictionObserver observer, Model model, @Nullable Block block) {
    KnownModel known = known(model, block);
    if (known == null) {
      synchronized (LOCK) {
        known = known(model, block);
        if (known == null) {
          known = new KnownModel();
          if (block == null) {
            BY_MODEL.set(model, known);
          } else {
            BY_BLOCK.set(block, known);
          }
        }
      }
    }
    return known.get(() -> find(observer, model, block));
  }

  private static @Nullable KnownModel known(Model model, @Nullable Block block) {
    return block == null ? BY_MODEL.get(model) : BY_BLOCK.get(block);
  }

  private static ReadModel find(PredictionObserver observer, Model model, @Nullable Block block) {
    Engine engine = model.getNDManager().getEngine();
    String version = engine.getVersion();
    String name = model.getName();
    Readable script = block == null ? null : SCRIPTS.get(block);
    Readable readable =
        script == null ? Readable.of(observer, engine.getEngineName(), model, block) : script;
    return new ReadModel(
        observer.observe(
            new LoadedModel(
                engine.getEngineName().toLowerCase(Locale.ROOT),
                version == null ? "unknown" : version,
                name == null || name.isBlank() ? null : name,
                readable.file(),
                readable.sha256(),
                readable.reads())),
        readable,
        new Samples());
  }

  private Models() {}
}
