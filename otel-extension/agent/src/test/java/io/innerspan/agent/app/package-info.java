/** Applications that know nothing of the agent: what they print must not depend on it. */
@NullMarked
package io.innerspan.agent.app;

import org.jspecify.annotations.NullMarked;
