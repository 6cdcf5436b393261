/** Where a resolver comes from that the user names: a program, or a class that is looked up as a service. */
@NullMarked
package dev.evstore.cli.resolver;

import org.jspecify.annotations.NullMarked;
