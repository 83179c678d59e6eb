package io.innerspan.workbench.store;

/**
 * A finished shard.
 *
 * @param activations the safetensors file's name
 * @param activationsCrc32c {@link Checksum} of that file
 * @param texts the JSON Lines file's name
 * @param textsCrc32c {@link Checksum} of that file
 * @param textCount how many texts it has
 * @param tokenCount how many tokens it has
 */
record ShardInfo(
    String activations,
    String activationsCrc32c,
    String texts,
    String textsCrc32c,
    int textCount,
    int tokenCount) {}
