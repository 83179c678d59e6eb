/**
 * Byte Buddy advice for the Java SDK of the Model Context Protocol, client and server.
 *
 * <p>{@link io.innerspan.mcp.javaagent.McpMessages} is all that advice calls. A message that is
 * sent or received is one {@code McpCall} of the bridge, from the subscription to the publisher
 * that the SDK returns to its end; a request that is sent takes its trace along in the parameters'
 * {@code _meta}.
 */
@NullMarked
package io.innerspan.mcp.javaagent;

import org.jspecify.annotations.NullMarked;
