package io.innerspan.exporter.siem;

import java.util.Locale;

/** What a SIEM reads a finding as. */
enum FindingFormat {
  /** Open Cybersecurity Schema Framework 1.8, Detection Finding: JSON. */
  OCSF("innerspan:ocsf") {
    @Override
    String write(Finding finding) {
      return JsonText.of(OcsfDocument.of(finding));
    }
  },
  /** Elastic Common Schema 8.17: JSON. */
  ECS("innerspan:ecs") {
    @Override
    String write(Finding finding) {
      return JsonText.of(EcsDocument.of(finding));
    }
  },
  /** ArcSight's Common Event Format, version 0: a line of text. */
  CEF("innerspan:cef") {
    @Override
    String write(Finding finding) {
      return CefLine.of(finding);
    }
  };

  private final String sourceType;

  FindingFormat(String sourceType) {
    this.sourceType = sourceType;
  }

  /** The finding in one line without its end. */
  abstract String write(Finding finding);

  /** Whether a line is a JSON object. */
  boolean isJson() {
    return this != CEF;
  }

  /** Splunk's name for it. */
  String sourceType() {
    return sourceType;
  }

  static FindingFormat of(String name) {
    for (FindingFormat format : values()) {
      if (format.name().equalsIgnoreCase(name)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        SiemSettings.FORMAT
            + ": expected ocsf, ecs or cef, found "
            + name.toLowerCase(Locale.ROOT));
  }
}
