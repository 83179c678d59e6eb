package io.innerspan.recorder.content;

/**
 * A part of a text that must not leave the process.
 *
 * @param start of its first character
 * @param end after its last character
 * @param kind what stands in its place, in brackets
 */
record Found(int start, int end, String kind) {}
