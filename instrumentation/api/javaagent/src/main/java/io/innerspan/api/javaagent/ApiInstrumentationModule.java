package io.innerspan.api.javaagent;

import static io.opentelemetry.javaagent.extension.matcher.AgentElementMatchers.hasClassesNamed;

import io.opentelemetry.javaagent.extension.instrumentation.InstrumentationModule;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.internal.ExperimentalInstrumentationModule;
import io.opentelemetry.javaagent.innerspan.bridge.InnerspanBridge;
import java.util.List;
import net.bytebuddy.matcher.ElementMatcher;

/** Instruments innerspan-api. */
public class ApiInstrumentationModule extends InstrumentationModule
    implements ExperimentalInstrumentationModule {

  public ApiInstrumentationModule() {
    super("innerspan", "innerspan-api");
  }

  /** Not when the extension did not start: disabled, or on an agent it was not built for. */
  @Override
  public boolean defaultEnabled() {
    return super.defaultEnabled() && InnerspanBridge.application() != null;
  }

  @Override
  public ElementMatcher.Junction<ClassLoader> classLoaderMatcher() {
    return hasClassesNamed("io.innerspan.api.Innerspan");
  }

  @Override
  public List<TypeInstrumentation> typeInstrumentations() {
    return List.of(new InnerspanInstrumentation());
  }

  /** Not the API itself, which is the application's. */
  @Override
  public boolean isHelperClass(String className) {
    return className.startsWith("io.innerspan.api.javaagent.");
  }

  @Override
  public HelperClassStrategy helperClassStrategy() {
    return HelperClassStrategy.ISOLATED;
  }
}
