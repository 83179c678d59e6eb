/** Runs the service with the agent, sends it requests and shows what its spans say. */
@NullMarked
package io.innerspan.examples.quickstart.driver;

import org.jspecify.annotations.NullMarked;
