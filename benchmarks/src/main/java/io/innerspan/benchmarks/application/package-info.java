/** The measured applications: they know nothing of Innerspan nor of OpenTelemetry. */
@NullMarked
package io.innerspan.benchmarks.application;

import org.jspecify.annotations.NullMarked;
