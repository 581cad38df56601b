package io.trainyard.hub.http;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Every route of this hub. The router, the roles and {@code /openapi.json} all come from here. Immutable. */
public record RouteTable(List<Route> routes) {
  public RouteTable {
    routes = List.copyOf(routes);
    Set<String> seen = new HashSet<>();
    for (Route route : routes) {
      if (!seen.add(route.method() + " " + route.path()) || !seen.add(route.name())) {
        throw new IllegalArgumentException(route.method() + " " + route.path() + " (" + route.name() + ") is there twice");
      }
    }
  }

  /** The methods that this path takes, for {@code Allow}; empty when there is no such path. */
  Set<String> methods(String path) {
    Set<String> methods = new TreeSet<>();
    for (Route route : routes) {
      if (route.matches(path)) {
        methods.add(route.method().name());
        if (route.method().name().equals("GET") && !route.streams()) {
          methods.add("HEAD");
        }
      }
    }
    return methods;
  }
}
