/**
 * What the engines' side (helper classes that see the engine's types) and the telemetry side (the
 * agent extension) say to each other, in JDK types only. The agent lets isolated helpers call
 * classes of the extension's loader only if their names begin with {@code
 * io.opentelemetry.javaagent}.
 */
@NullMarked
package io.opentelemetry.javaagent.innerspan.bridge;

import org.jspecify.annotations.NullMarked;
