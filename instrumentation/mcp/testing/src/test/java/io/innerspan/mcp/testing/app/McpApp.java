package io.innerspan.mcp.testing.app;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/**
 * A client of the Model Context Protocol and its server: in one JVM over HTTP, or in two over
 * standard input and output. The server's tool runs a model.
 */
final class McpApp {
  private static final String SCHEMA = "{\"type\":\"object\"}";

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  private McpApp(String model) throws OrtException {
    session = environment.createSession(model);
  }

  /** {@code http MODEL FOLDER}, {@code stdio JAVA ARGUMENTS…} or {@code serve MODEL}. */
  public static void main(String[] arguments) {
    try {
      switch (arguments[0]) {
        case "http" -> new McpApp(arguments[1]).http(Path.of(arguments[2]));
        case "serve" -> new McpApp(arguments[1]).serve();
        default -> stdio(arguments);
      }
      System.out.println("done");
      System.exit(0); // Tomcat and the SDK leave threads behind.
    } catch (Throwable e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private void http(Path folder) throws Exception {
    HttpServletStreamableServerTransportProvider transport =
        HttpServletStreamableServerTransportProvider.builder()
            .jsonMapper(mapper())
            .mcpEndpoint("/mcp")
            .build();
    McpServer.sync(transport).serverInfo("tools", "1").tools(tools()).build();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(Files.createDirectories(folder.resolve("tomcat")).toString());
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    tomcat.setConnector(connector);
    var context = tomcat.addContext("", folder.toString());
    Tomcat.addServlet(context, "mcp", transport).setAsyncSupported(true);
    context.addServletMappingDecoded("/mcp", "mcp");
    tomcat.start();
    call(
        HttpClientStreamableHttpTransport.builder("http://127.0.0.1:" + connector.getLocalPort())
            .jsonMapper(mapper())
            .endpoint("/mcp")
            .build());
  }

  private static void stdio(String[] arguments) {
    call(
        new StdioClientTransport(
            ServerParameters.builder(arguments[1])
                .args(Arrays.copyOfRange(arguments, 2, arguments.length))
                .build(),
            mapper()));
  }

  /** Each call once: one that goes well and one that fails in each way. */
  private static void call(McpClientTransport transport) {
    McpSyncClient client =
        McpClient.sync(transport)
            // Under load the SDK loses the answer of a tool that throws now and then.
            .requestTimeout(Duration.ofMinutes(2))
            .initializationTimeout(Duration.ofMinutes(2))
            .build();
    try {
      client.initialize();
      System.out.println("tools " + client.listTools().tools().size());
      say("embed", () -> result(client, "embed"));
      say("refuse", () -> result(client, "refuse"));
      say("throw", () -> result(client, "throw"));
      say("missing", () -> result(client, "missing"));
      client.ping();
    } finally {
      client.closeGracefully(); // Ends the server's process.
    }
  }

  private static String result(McpSyncClient client, String tool) {
    Map<String, Object> arguments =
        Map.of("note", "planted: card 4111 1111 1111 1111 of ada@example.org");
    CallToolResult result = client.callTool(new CallToolRequest(tool, arguments));
    String text = ((TextContent) result.content().get(0)).text();
    return (Boolean.TRUE.equals(result.isError()) ? "error " : "") + text;
  }

  private static void say(String what, Supplier<String> call) {
    try {
      System.out.println(what + ": " + call.get());
    } catch (RuntimeException e) {
      System.out.println(what + ": threw");
    }
  }

  /** Until the client has ended it, or has ended itself. */
  private void serve() {
    McpServer.sync(new StdioServerTransportProvider(mapper()))
        .serverInfo("tools", "1")
        .tools(tools())
        .build();
    ProcessHandle.current().parent().orElseThrow().onExit().join();
  }

  private List<SyncToolSpecification> tools() {
    return List.of(
        tool("embed", request -> text("ran " + run() + ", call +49 30 9018200", false)),
        tool("refuse", request -> text("no", true)),
        tool(
            "throw",
            request -> {
              throw new IllegalStateException("secret of ada@example.org");
            }));
  }

  private static SyncToolSpecification tool(
      String name, Function<CallToolRequest, CallToolResult> handler) {
    return SyncToolSpecification.builder()
        .tool(Tool.builder().name(name).description(name).inputSchema(mapper(), SCHEMA).build())
        .callHandler((exchange, request) -> handler.apply(request))
        .build();
  }

  private static CallToolResult text(String text, boolean error) {
    return CallToolResult.builder().addTextContent(text).isError(error).build();
  }

  private int run() {
    try (OnnxTensor features = OnnxTensor.createTensor(environment, new float[1][8]);
        OrtSession.Result result = session.run(Map.of("features", features))) {
      return result.size();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Versions differ in where it is. */
  private static McpJsonMapper mapper() {
    try {
      return (McpJsonMapper)
          Class.forName("io.modelcontextprotocol.json.McpJsonDefaults")
              .getMethod("getMapper")
              .invoke(null);
    } catch (ClassNotFoundException e) {
      return older();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static McpJsonMapper older() {
    try {
      return (McpJsonMapper) McpJsonMapper.class.getMethod("getDefault").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
