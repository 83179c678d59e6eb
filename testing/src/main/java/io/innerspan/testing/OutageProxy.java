package io.innerspan.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a receiver on a loopback port of its own that stays the same, and fails as
 * collectors do: away, hanging, answering with a status or with garbage. Thread-safe.
 */
public final class OutageProxy implements AutoCloseable {
  /** What happens to a connection. */
  private interface Behaviour {
    void serve(Socket client) throws IOException;
  }

  private final InetSocketAddress target;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private @Nullable ServerSocket server;

  private OutageProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    try (ServerSocket probe = listen(0)) {
      port = probe.getLocalPort();
    }
  }

  /**
   * A proxy that forwards.
   *
   * @param endpoint of the receiver, such as {@code http://127.0.0.1:4318}
   */
  public static OutageProxy to(String endpoint) {
    URI uri = URI.create(endpoint);
    try {
      OutageProxy proxy = new OutageProxy(new InetSocketAddress(uri.getHost(), uri.getPort()));
      proxy.forward();
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("no proxy on the loopback address", e);
    }
  }

  /** Its own endpoint. */
  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** How many connections were made since it last began to behave in another way. */
  public int connections() {
    return connections.get();
  }

  /** From now on all goes through. */
  public void forward() {
    behave(this::forward);
  }

  /** From now on connections are refused. */
  public synchronized void away() {
    closeAll();
  }

  /** From now on connections are taken and never answered. */
  public void hang() {
    behave(client -> client.getInputStream().transferTo(OutputStream.nullOutputStream()));
  }

  /** From now on every request is answered with an HTTP status and no content. */
  public void answer(int status) {
    byte[] answer =
        ("HTTP/1.1 " + status + " As told\r\nContent-Length: 0\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    behave(client -> answerAll(client, answer));
  }

  /** From now on every request is answered with what is no HTTP. */
  public void garbage() {
    behave(
        client -> {
          readRequest(client.getInputStream());
          client.getOutputStream().write(new byte[] {0x13, 0x37, 0, -1, '\r', '\n', 7});
          client.getOutputStream().flush();
        });
  }

  private synchronized void behave(Behaviour behaviour) {
    closeAll();
    try {
      ServerSocket listening = listen(port);
      server = listening;
      connections.set(0);
      daemon(() -> accept(listening, behaviour));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on port " + port, e);
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  private void accept(ServerSocket listening, Behaviour behaviour) {
    while (true) {
      try {
        Socket client = listening.accept();
        connections.incrementAndGet();
        open.add(client);
        daemon(() -> serve(client, behaviour));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void serve(Socket client, Behaviour behaviour) {
    try (client) {
      behaviour.serve(client);
    } catch (IOException e) {
      // Either side has gone.
    } finally {
      open.remove(client);
    }
  }

  private void forward(Socket client) throws IOException {
    try (Socket receiver = new Socket(target.getAddress(), target.getPort())) {
      open.add(receiver);
      daemon(() -> copy(receiver, client));
      copy(client, receiver);
    }
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Either side has gone.
    } finally {
      open.remove(from);
    }
  }

  private static void answerAll(Socket client, byte[] answer) throws IOException {
    while (readRequest(client.getInputStream())) {
      client.getOutputStream().write(answer);
      client.getOutputStream().flush();
    }
  }

  /** Reads one request with a length; false at the end of the connection. */
  private static boolean readRequest(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      head.write(next);
    }
    int length = 0;
    for (String line : head.toString(StandardCharsets.US_ASCII).split("\r\n")) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).trim());
      }
    }
    in.skipNBytes(length);
    return true;
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "outage-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized void closeAll() {
    try {
      if (server != null) {
        server.close();
        server = null;
      }
      for (Socket socket : open) {
        socket.close();
      }
      open.clear();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close port " + port, e);
    }
  }

  @Override
  public void close() {
    closeAll();
  }
}
