package io.opentelemetry.javaagent.innerspan.bridge;

import org.jspecify.annotations.Nullable;

/**
 * A request or notification of the Model Context Protocol.
 *
 * @param method such as {@code tools/call}
 * @param id of a request, as far as it is known; notifications have none
 * @param tool that is called, or null
 * @param prompt that is asked for, or null
 * @param resource whose URI is in the parameters, or null
 * @param session the id of the session, or null
 * @param transport {@code pipe} or {@code tcp}, or null when that is unknown
 */
public record McpMessage(
    String method,
    @Nullable String id,
    @Nullable String tool,
    @Nullable String prompt,
    @Nullable String resource,
    @Nullable String session,
    @Nullable String transport) {}
