package io.innerspan.signals.monitor;

/**
 * What monitors watch.
 *
 * @param pack the pack that they belong to, as {@code name@version}
 * @param model the SHA-256 of the model
 * @param cohort the slice of the traffic, or an empty text for all of it
 */
public record MonitorScope(String pack, String model, String cohort) {}
