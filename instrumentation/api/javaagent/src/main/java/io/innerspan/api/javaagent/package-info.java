/** Byte Buddy advice for our own API: what makes its methods do something. */
@NullMarked
package io.innerspan.api.javaagent;

import org.jspecify.annotations.NullMarked;
