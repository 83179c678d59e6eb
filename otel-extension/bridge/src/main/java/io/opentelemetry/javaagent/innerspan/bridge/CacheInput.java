package io.opentelemetry.javaagent.innerspan.bridge;

/**
 * Where a decoder's inputs tell how many tokens of a text it has seen already.
 *
 * @param name an input of keys or values of earlier tokens
 * @param lengthAxis the dimension of this input that counts them
 */
public record CacheInput(String name, int lengthAxis) {}
