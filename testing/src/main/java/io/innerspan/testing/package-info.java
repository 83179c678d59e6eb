/** What integration tests and the examples share: an OTLP receiver and child JVMs. */
@NullMarked
package io.innerspan.testing;

import org.jspecify.annotations.NullMarked;
