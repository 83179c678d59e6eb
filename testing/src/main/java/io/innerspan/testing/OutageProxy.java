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
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Stands before a receiver on a loopback port that it holds for as long as it lives, and fails as
 * collectors do: away, hanging, answering with a status or with garbage. Thread-safe.
 */
public final class OutageProxy implements AutoCloseable {
  /** What happens to a connection. */
  private interface Behaviour {
    void serve(Socket client) throws IOException;
  }

  private final InetSocketAddress target;
  private final ServerSocket server;

  /** Guarded by this. */
  private final Set<Socket> open = new HashSet<>();

  private Behaviour behaviour = this::forward;
  private int connections;

  private OutageProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
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
      daemon(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("no proxy on the loopback address", e);
    }
  }

  /** Its own endpoint. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** How many connections were made since it last began to behave in another way. */
  public synchronized int connections() {
    return connections;
  }

  /** From now on all goes through. */
  public void forward() {
    behave(this::forward);
  }

  /** From now on connections are reset before anything is read from them. */
  public void away() {
    behave(client -> client.setSoLinger(true, 0));
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

  /** Connections that behave in the old way end here. */
  private synchronized void behave(Behaviour next) {
    behaviour = next;
    connections = 0;
    closeConnections();
  }

  private void accept() {
    while (true) {
      try {
        begin(server.accept());
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private synchronized void begin(Socket client) {
    connections++;
    open.add(client);
    Behaviour now = behaviour;
    daemon(() -> serve(client, now));
  }

  private void serve(Socket client, Behaviour now) {
    try (client) {
      now.serve(client);
    } catch (IOException e) {
      // Either side has gone.
    } finally {
      remove(client);
    }
  }

  private synchronized void remove(Socket socket) {
    open.remove(socket);
  }

  private void forward(Socket client) throws IOException {
    try (Socket receiver = new Socket(target.getAddress(), target.getPort())) {
      if (!addBeside(client, receiver)) {
        return;
      }
      daemon(() -> copy(receiver, client));
      copy(client, receiver);
    }
  }

  /** Returns false when the connection has been ended meanwhile. */
  private synchronized boolean addBeside(Socket client, Socket receiver) {
    return open.contains(client) && open.add(receiver);
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Either side has gone.
    } finally {
      remove(from);
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

  private void closeConnections() {
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        // It has gone.
      }
    }
    open.clear();
  }

  @Override
  public synchronized void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + endpoint(), e);
    }
    closeConnections();
  }
}
