/** How this hub speaks HTTP: routes and their roles, who may do what, problems, pages. Knows no run. */
@NullMarked
package io.trainyard.hub.http;

import org.jspecify.annotations.NullMarked;
