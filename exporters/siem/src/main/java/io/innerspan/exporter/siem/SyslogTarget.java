package io.innerspan.exporter.siem;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Syslog (RFC 5424) over TCP or TLS with octet counting (RFC 6587, 3.4.1), or over UDP.
 *
 * <p>Syslog has no answer: what a receiver took from a connection before it broke is not known, so
 * that a batch may arrive twice. The finding's id tells.
 */
final class SyslogTarget implements Target {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final String NIL = "-";

  private final String scheme;
  private final String host;
  private final int port;
  private final FindingFormat format;
  private @Nullable Socket socket;

  /**
   * @param endpoint {@code tcp://host:port}, {@code tls://host:port} or {@code udp://host:port}
   */
  SyslogTarget(URI endpoint, FindingFormat format) {
    this.scheme = endpoint.getScheme();
    this.host = endpoint.getHost();
    this.port = endpoint.getPort();
    this.format = format;
  }

  @Override
  public Receipt send(List<Finding> findings) throws IOException {
    if (scheme.equals("udp")) {
      datagrams(findings);
      return Receipt.taken();
    }
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (Finding finding : findings) {
      byte[] message = message(finding, format).getBytes(UTF_8);
      frames.writeBytes((message.length + " ").getBytes(US_ASCII));
      frames.writeBytes(message);
    }
    try {
      Socket open = socket == null ? connect() : socket;
      socket = open;
      frames.writeTo(open.getOutputStream());
      open.getOutputStream().flush();
    } catch (IOException e) {
      close();
      throw e;
    }
    return Receipt.taken();
  }

  private void datagrams(List<Finding> findings) throws IOException {
    try (DatagramSocket udp = new DatagramSocket()) {
      InetAddress address = InetAddress.getByName(host);
      for (Finding finding : findings) {
        byte[] message = message(finding, format).getBytes(UTF_8);
        udp.send(new DatagramPacket(message, message.length, address, port));
      }
    }
  }

  private Socket connect() throws IOException {
    Socket plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      return scheme.equals("tls") ? secured(plain) : plain;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private SSLSocket secured(Socket plain) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket tls = (SSLSocket) factory.createSocket(plain, host, port, true);
    var parameters = tls.getSSLParameters();
    // Without this a socket takes any certificate that some authority signed for any host.
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  /** One message of RFC 5424, without structured data. */
  static String message(Finding finding, FindingFormat format) {
    return "<"
        + finding.severity().syslogPriority()
        + ">1 "
        + finding.time()
        + " "
        + headerField(finding.resourceText("host.name"), 255)
        + " innerspan - "
        + headerField(finding.kind(), 32)
        + " - "
        + format.write(finding);
  }

  /** Printable ASCII without spaces, as RFC 5424 has it; everything else becomes {@code _}. */
  private static String headerField(@Nullable String value, int length) {
    if (value == null || value.isEmpty()) {
      return NIL;
    }
    String printable = value.replaceAll("[^\\x21-\\x7e]", "_");
    return printable.substring(0, Math.min(length, printable.length()));
  }

  @Override
  public void close() {
    Socket open = socket;
    socket = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is given up anyway.
      }
    }
  }
}
