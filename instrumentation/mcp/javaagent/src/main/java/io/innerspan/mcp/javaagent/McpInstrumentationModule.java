package io.innerspan.mcp.javaagent;

import static io.opentelemetry.javaagent.extension.matcher.AgentElementMatchers.hasClassesNamed;

import io.opentelemetry.javaagent.extension.instrumentation.InstrumentationModule;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.internal.ExperimentalInstrumentationModule;
import io.opentelemetry.javaagent.innerspan.bridge.InnerspanBridge;
import java.util.List;
import net.bytebuddy.matcher.ElementMatcher;

/** Instruments the Java SDK of the Model Context Protocol, 0.14 and newer. */
public class McpInstrumentationModule extends InstrumentationModule
    implements ExperimentalInstrumentationModule {

  public McpInstrumentationModule() {
    super("innerspan", "innerspan-mcp");
  }

  /** Not when the extension did not start: disabled, or on an agent it was not built for. */
  @Override
  public boolean defaultEnabled() {
    return super.defaultEnabled() && InnerspanBridge.mcp() != null;
  }

  // The second came with 0.14.
  @Override
  public ElementMatcher.Junction<ClassLoader> classLoaderMatcher() {
    return hasClassesNamed(
        "io.modelcontextprotocol.spec.McpClientSession",
        "io.modelcontextprotocol.common.McpTransportContext");
  }

  @Override
  public List<TypeInstrumentation> typeInstrumentations() {
    return List.of(new SenderInstrumentation(), new ReceiverInstrumentation());
  }

  @Override
  public boolean isHelperClass(String className) {
    return className.startsWith("io.innerspan.mcp.javaagent.");
  }

  @Override
  public HelperClassStrategy helperClassStrategy() {
    return HelperClassStrategy.ISOLATED;
  }
}
