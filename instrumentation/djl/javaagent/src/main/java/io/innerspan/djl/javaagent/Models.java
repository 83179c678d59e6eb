package io.innerspan.djl.javaagent;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.nn.Block;
import io.opentelemetry.instrumentation.api.util.VirtualField;
import io.opentelemetry.javaagent.innerspan.bridge.LoadedModel;
import io.opentelemetry.javaagent.innerspan.bridge.PredictedModel;
import io.opentelemetry.javaagent.innerspan.bridge.PredictionObserver;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The models that predictors predict with: one per block, for a model object that is loaded again
 * has another block. Thread-safe.
 */
public final class Models {
  private static final VirtualField<Block, PredictedModel> BY_BLOCK =
      VirtualField.find(Block.class, PredictedModel.class);

  /** Of models without a block, which run outside of the JVM. */
  private static final VirtualField<Model, PredictedModel> BY_MODEL =
      VirtualField.find(Model.class, PredictedModel.class);

  private static final VirtualField<Block, Path> FILES = VirtualField.find(Block.class, Path.class);

  private static final Object LOCK = new Object();

  /** A block was loaded from a file. */
  public static void loaded(@Nullable Object block, @Nullable Path file) {
    if (block instanceof Block loaded) {
      FILES.set(loaded, file);
    }
  }

  static PredictedModel of(PredictionObserver observer, Model model, @Nullable Block block) {
    PredictedModel known = known(model, block);
    if (known != null) {
      return known;
    }
    synchronized (LOCK) {
      known = known(model, block);
      if (known != null) {
        return known;
      }
      PredictedModel observed = observer.observe(describe(model, block));
      if (block == null) {
        BY_MODEL.set(model, observed);
      } else {
        BY_BLOCK.set(block, observed);
      }
      return observed;
    }
  }

  private static @Nullable PredictedModel known(Model model, @Nullable Block block) {
    return block == null ? BY_MODEL.get(model) : BY_BLOCK.get(block);
  }

  private static LoadedModel describe(Model model, @Nullable Block block) {
    Engine engine = model.getNDManager().getEngine();
    String version = engine.getVersion();
    String name = model.getName();
    return new LoadedModel(
        engine.getEngineName().toLowerCase(Locale.ROOT),
        version == null ? "unknown" : version,
        name == null || name.isBlank() ? null : name,
        block == null ? null : FILES.get(block));
  }

  private Models() {}
}
