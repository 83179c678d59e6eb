/** An application with models, which knows nothing of Innerspan. */
@NullMarked
package io.innerspan.examples.signals.service;

import org.jspecify.annotations.NullMarked;
