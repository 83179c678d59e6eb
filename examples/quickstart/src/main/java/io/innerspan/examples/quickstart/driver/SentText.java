package io.innerspan.examples.quickstart.driver;

/**
 * A text that was sent, and the trace it was sent in: only the client can join the two, because no
 * telemetry holds the text.
 */
record SentText(String text, String traceId) {}
