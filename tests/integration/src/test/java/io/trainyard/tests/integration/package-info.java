/** What crosses modules: the shipped program, with real hubs, runners and plugin JARs, each a process of its own. */
@NullMarked
package io.trainyard.tests.integration;

import org.jspecify.annotations.NullMarked;
