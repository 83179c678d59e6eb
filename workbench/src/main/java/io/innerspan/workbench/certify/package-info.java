/** Certifies, before a model is served, that signals leave its outputs alone. */
@NullMarked
package io.innerspan.workbench.certify;

import org.jspecify.annotations.NullMarked;
