package io.innerspan.exporter.siem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How findings are put into the body of an HTTP request. */
enum HttpProtocol {
  /** One document a line. */
  NDJSON("application/x-ndjson") {
    @Override
    String entry(Finding finding, FindingFormat format) {
      return format.write(finding) + "\n";
    }
  },
  /** Splunk's HTTP Event Collector. */
  HEC("application/json") {
    @Override
    String entry(Finding finding, FindingFormat format) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("time", finding.time().toEpochMilli() / 1000.0);
      String host = finding.resourceText("host.name");
      if (host != null) {
        event.put("host", host);
      }
      event.put("source", "innerspan");
      event.put("sourcetype", format.sourceType());
      String head = JsonText.of(event);
      String written = format.write(finding);
      String value = format.isJson() ? written : JsonText.of(written);
      return head.substring(0, head.length() - 1) + ",\"event\":" + value + "}\n";
    }
  },
  /** Elasticsearch's bulk API; the endpoint names the index or data stream. */
  ELASTICSEARCH("application/x-ndjson") {
    @Override
    String entry(Finding finding, FindingFormat format) {
      String id = finding.textOrEmpty("innerspan.finding.id");
      Map<String, Object> action = id.isEmpty() ? Map.of() : Map.of("_id", id);
      return JsonText.of(Map.of("create", action)) + "\n" + format.write(finding) + "\n";
    }
  };

  private final String contentType;

  HttpProtocol(String contentType) {
    this.contentType = contentType;
  }

  abstract String entry(Finding finding, FindingFormat format);

  String body(List<Finding> findings, FindingFormat format) {
    StringBuilder body = new StringBuilder();
    findings.forEach(finding -> body.append(entry(finding, format)));
    return body.toString();
  }

  String contentType() {
    return contentType;
  }

  static HttpProtocol of(String name) {
    for (HttpProtocol protocol : values()) {
      if (protocol.name().equalsIgnoreCase(name)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException(
        SiemSettings.PROTOCOL
            + ": expected ndjson, hec or elasticsearch, found "
            + name.toLowerCase(Locale.ROOT));
  }
}
