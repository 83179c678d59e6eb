package io.innerspan.testing;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** OTLP over gRPC on a free loopback port. */
final class GrpcTransport {
  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  private final Server server;

  private GrpcTransport(Server server) {
    this.server = server;
  }

  static GrpcTransport start(TelemetryStore store) throws IOException {
    return new GrpcTransport(
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .addService(new Traces(store))
            .addService(new Metrics(store))
            .addService(new Logs(store))
            .build()
            .start());
  }

  int port() {
    return server.getPort();
  }

  void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static <T> void answer(StreamObserver<T> response, T message) {
    response.onNext(message);
    response.onCompleted();
  }

  private static final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
    private final TelemetryStore store;

    Traces(TelemetryStore store) {
      this.store = store;
    }

    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> response) {
      store.accept(request);
      answer(response, ExportTraceServiceResponse.getDefaultInstance());
    }
  }

  private static final class Metrics extends MetricsServiceGrpc.MetricsServiceImplBase {
    private final TelemetryStore store;

    Metrics(TelemetryStore store) {
      this.store = store;
    }

    @Override
    public void export(
        ExportMetricsServiceRequest request,
        StreamObserver<ExportMetricsServiceResponse> response) {
      store.accept(request);
      answer(response, ExportMetricsServiceResponse.getDefaultInstance());
    }
  }

  private static final class Logs extends LogsServiceGrpc.LogsServiceImplBase {
    private final TelemetryStore store;

    Logs(TelemetryStore store) {
      this.store = store;
    }

    @Override
    public void export(
        ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> response) {
      store.accept(request);
      answer(response, ExportLogsServiceResponse.getDefaultInstance());
    }
  }
}
