package io.innerspan.onnxruntime.javaagent;

import static io.opentelemetry.javaagent.extension.matcher.AgentElementMatchers.hasClassesNamed;

import io.opentelemetry.javaagent.extension.instrumentation.InstrumentationModule;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.internal.ExperimentalInstrumentationModule;
import io.opentelemetry.javaagent.innerspan.bridge.InnerspanBridge;
import java.util.List;
import net.bytebuddy.matcher.ElementMatcher;

/** Instruments ONNX Runtime 1.12 and newer. */
public class OnnxRuntimeInstrumentationModule extends InstrumentationModule
    implements ExperimentalInstrumentationModule {

  public OnnxRuntimeInstrumentationModule() {
    super("innerspan", "innerspan-onnxruntime");
  }

  /** Not when the extension did not start: disabled, or on an agent it was not built for. */
  @Override
  public boolean defaultEnabled() {
    return super.defaultEnabled() && InnerspanBridge.observer() != null;
  }

  @Override
  public ElementMatcher.Junction<ClassLoader> classLoaderMatcher() {
    return hasClassesNamed("ai.onnxruntime.OrtSession");
  }

  @Override
  public List<TypeInstrumentation> typeInstrumentations() {
    return List.of(
        new OrtEnvCloserInstrumentation(),
        new OrtEnvironmentInstrumentation(),
        new OrtSessionInstrumentation(),
        new SessionOptionsInstrumentation());
  }

  @Override
  public boolean isHelperClass(String className) {
    return className.startsWith("io.innerspan.onnxruntime.session.")
        || className.startsWith("io.innerspan.signals.saliency.")
        || className.startsWith("io.innerspan.onnxruntime.javaagent.");
  }

  @Override
  public HelperClassStrategy helperClassStrategy() {
    return HelperClassStrategy.ISOLATED;
  }
}
