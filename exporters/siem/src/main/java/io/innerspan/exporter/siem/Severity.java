package io.innerspan.exporter.siem;

import java.util.Arrays;

/** How bad a finding is, in the scales of those who receive it. */
enum Severity {
  UNKNOWN("Unknown", 0, 0, 5),
  INFORMATIONAL("Informational", 1, 1, 6),
  LOW("Low", 2, 3, 5),
  MEDIUM("Medium", 3, 5, 4),
  HIGH("High", 4, 8, 3),
  CRITICAL("Critical", 5, 10, 2);

  /** Facility 13, log audit (RFC 5424, table 1). */
  private static final int FACILITY = 13;

  private final String caption;
  private final int id;
  private final int cef;
  private final int syslog;

  Severity(String caption, int id, int cef, int syslog) {
    this.caption = caption;
    this.id = id;
    this.cef = cef;
    this.syslog = syslog;
  }

  static Severity of(String name) {
    return Arrays.stream(values())
        .filter(severity -> severity.caption.equalsIgnoreCase(name))
        .findFirst()
        .orElse(UNKNOWN);
  }

  /** OCSF's name for it. */
  String caption() {
    return caption;
  }

  /** OCSF's {@code severity_id}, 0 to 5. */
  int id() {
    return id;
  }

  /** CEF's severity, 0 to 10. */
  int cef() {
    return cef;
  }

  /** Syslog's PRI (RFC 5424, 6.2.1). */
  int syslogPriority() {
    return FACILITY * 8 + syslog;
  }
}
