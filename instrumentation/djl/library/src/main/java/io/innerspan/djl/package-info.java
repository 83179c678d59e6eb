/** What the ways into DJL have in common: readings, and why signals are refused. */
@NullMarked
package io.innerspan.djl;

import org.jspecify.annotations.NullMarked;
