/** Runs the service with the agent, sends it texts and shows what its spans say. */
@NullMarked
package io.innerspan.examples.djltext.driver;

import org.jspecify.annotations.NullMarked;
