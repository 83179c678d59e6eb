package io.innerspan.workbench.store;

/**
 * A finished shard.
 *
 * @param activations the safetensors file's name
 * @param activationsSha256 of that file
 * @param texts the JSON Lines file's name
 * @param textsSha256 of that file
 * @param textCount how many texts it has
 * @param tokenCount how many tokens it has
 */
record ShardInfo(
    String activations,
    String activationsSha256,
    String texts,
    String textsSha256,
    int textCount,
    int tokenCount) {}
