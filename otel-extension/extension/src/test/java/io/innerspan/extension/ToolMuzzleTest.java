package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.api.javaagent.ApiInstrumentationModule;
import io.innerspan.mcp.javaagent.McpInstrumentationModule;
import io.opentelemetry.javaagent.extension.instrumentation.InstrumentationModule;
import io.opentelemetry.javaagent.tooling.muzzle.InstrumentationModuleMuzzle;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the build generates into the module classes for our API and for MCP. */
class ToolMuzzleTest {
  @Test
  void api_helpersAreTheAdvicesOwn_andTheApiIsTheApplications() {
    InstrumentationModule module = new ApiInstrumentationModule();

    assertThat(InstrumentationModuleMuzzle.getMuzzleReferences(module).keySet())
        .contains("io.innerspan.api.Outcome", "io.innerspan.api.InferenceReading");
    assertThat(InstrumentationModuleMuzzle.getHelperClassNames(module))
        .doesNotHaveDuplicates()
        .contains(
            "io.innerspan.api.javaagent.ApiCalls", "io.innerspan.api.javaagent.PresentReading")
        .allMatch(name -> name.startsWith("io.innerspan.api.javaagent."));
  }

  @Test
  void mcp_referencesAreThoseOfTheSdk_andReactor() {
    InstrumentationModule module = new McpInstrumentationModule();
    List<String> helpers = InstrumentationModuleMuzzle.getHelperClassNames(module);

    assertThat(InstrumentationModuleMuzzle.getMuzzleReferences(module).keySet())
        .contains(
            "io.modelcontextprotocol.spec.McpClientSession",
            "io.modelcontextprotocol.spec.McpSchema$JSONRPCRequest",
            "reactor.core.publisher.MonoOperator")
        .noneMatch(name -> name.contains("jackson"));
    assertThat(helpers)
        .doesNotHaveDuplicates()
        .contains(
            "io.innerspan.mcp.javaagent.McpMessages",
            "io.innerspan.mcp.javaagent.ObservedMono",
            "io.innerspan.mcp.javaagent.Parameters")
        .allMatch(name -> name.startsWith("io.innerspan.mcp.javaagent."));
  }
}
