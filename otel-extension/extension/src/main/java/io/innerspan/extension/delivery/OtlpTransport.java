package io.innerspan.extension.delivery;

import io.opentelemetry.exporter.internal.marshal.Marshaler;
import io.opentelemetry.exporter.internal.marshal.Serializer;
import io.opentelemetry.exporter.otlp.internal.GrpcExporter;
import io.opentelemetry.exporter.otlp.internal.HttpExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends through the agent's own OTLP exporter, with the endpoint, headers, certificates,
 * compression and retries that the user set for it. Only what the exporter does first is left out:
 * to encode, which was done before.
 */
final class OtlpTransport implements Transport {
  private static final String OTLP = "io.opentelemetry.exporter.otlp.";

  private final BiFunction<Marshaler, Integer, CompletableResultCode> exporter;

  private OtlpTransport(BiFunction<Marshaler, Integer, CompletableResultCode> exporter) {
    this.exporter = exporter;
  }

  /**
   * The transport of one of the SDK's OTLP exporters.
   *
   * @return null when it is no OTLP exporter, or does not send protobuf
   * @throws ReflectiveOperationException when the exporter is made in another way than in the
   *     version of the agent that this was built for
   */
  static @Nullable Transport of(Object exporter) throws ReflectiveOperationException {
    if (!isOtlp(exporter)) {
      return null;
    }
    Object delegate = field(exporter, "delegate");
    if (delegate instanceof HttpExporter http) {
      boolean json = (boolean) field(http, "exportAsJson");
      return json ? null : new OtlpTransport(http::export);
    }
    if (delegate instanceof GrpcExporter grpc) {
      return new OtlpTransport(grpc::export);
    }
    throw new NoSuchFieldException("expected a sender in " + exporter.getClass() + ", found none");
  }

  static boolean isOtlp(Object exporter) {
    return exporter.getClass().getName().startsWith(OTLP);
  }

  private static Object field(Object owner, String name) throws ReflectiveOperationException {
    Field field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }

  @Override
  public CompletableResultCode send(byte[] body, int items) {
    return exporter.apply(new Encoded(body), items);
  }

  /** What is encoded already. */
  private static final class Encoded extends Marshaler {
    private final byte[] body;

    Encoded(byte[] body) {
      this.body = body;
    }

    @Override
    public int getBinarySerializedSize() {
      return body.length;
    }

    @Override
    protected void writeTo(Serializer output) throws IOException {
      output.writeSerializedMessage(body, "");
    }
  }
}
