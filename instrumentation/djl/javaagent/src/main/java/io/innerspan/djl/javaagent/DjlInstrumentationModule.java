package io.innerspan.djl.javaagent;

import static io.opentelemetry.javaagent.extension.matcher.AgentElementMatchers.hasClassesNamed;

import io.opentelemetry.javaagent.extension.instrumentation.InstrumentationModule;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.internal.ExperimentalInstrumentationModule;
import io.opentelemetry.javaagent.innerspan.bridge.InnerspanBridge;
import java.util.List;
import net.bytebuddy.matcher.ElementMatcher;

/** Instruments the predictors of DJL 0.28 and newer. */
public class DjlInstrumentationModule extends InstrumentationModule
    implements ExperimentalInstrumentationModule {

  /** The library, and what it needs of ours: it sees DJL, which ours does not. */
  private static final List<String> HELPERS =
      List.of("io.innerspan.djl.", "io.innerspan.signals.", "com.google.gson.");

  public DjlInstrumentationModule() {
    super("innerspan", "innerspan-djl");
  }

  /** Not when the extension did not start: disabled, or on an agent it was not built for. */
  @Override
  public boolean defaultEnabled() {
    return super.defaultEnabled() && InnerspanBridge.predictions() != null;
  }

  @Override
  public ElementMatcher.Junction<ClassLoader> classLoaderMatcher() {
    return hasClassesNamed("ai.djl.inference.Predictor");
  }

  @Override
  public List<TypeInstrumentation> typeInstrumentations() {
    return List.of(
        new PredictorInstrumentation(),
        new StreamingBlockInstrumentation(),
        new BlockInstrumentation(),
        new TorchScriptInstrumentation());
  }

  @Override
  public boolean isHelperClass(String className) {
    return HELPERS.stream().anyMatch(className::startsWith);
  }

  @Override
  public HelperClassStrategy helperClassStrategy() {
    return HelperClassStrategy.ISOLATED;
  }
}
