package io.trainyard.tests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every question that the API answers about stored things, so that two starts can be compared answer by answer. Stateless. */
final class Questions {
  private static final String[] SORTS = {"created_at", "name", "state", "duration", "metric:known/ordered", "metric:known/special", "param:num_steps", "param:truth"};

  private Questions() {}

  /** The path of each question, and the bytes of its answer. */
  static Map<String, String> askAll(Api api) {
    List<String> paths = new ArrayList<>();
    paths.add("/api/v1/experiments");
    paths.add("/api/v1/experiments?deleted=true");
    for (JsonNode experiment : api.get("/api/v1/experiments").get("experiments")) {
      paths.add("/api/v1/experiments/" + experiment.get("id").asText());
      paths.add("/api/v1/runs?experiment=" + experiment.get("id").asText());
    }
    for (String sort : SORTS) {
      paths.add("/api/v1/runs?order=asc&sort=" + encode(sort));
      paths.add("/api/v1/runs?order=desc&sort=" + encode(sort));
    }
    paths.add("/api/v1/runs?limit=2&offset=1");
    paths.add("/api/v1/runs?deleted=true");
    paths.add("/api/v1/runs?state=FINISHED,STOPPED");
    paths.add("/api/v1/runs?search=known");
    paths.add("/api/v1/runs?task=known");
    for (JsonNode run : api.get("/api/v1/runs?limit=1000").get("runs")) {
      String path = "/api/v1/runs/" + run.get("id").asText();
      about(path, api.get(path + "/series").get("series"), paths);
    }
    Map<String, String> answers = new LinkedHashMap<>();
    paths.forEach(path -> answers.put(path, api.text(path)));
    return answers;
  }

  private static void about(String run, JsonNode series, List<String> paths) {
    paths.add(run);
    paths.add(run + "/series");
    paths.add(run + "/log?from=0");
    paths.add(run + "/export?format=csv");
    paths.add(run + "/export?format=jsonl");
    for (JsonNode one : series) {
      String name = encode(one.get("name").asText());
      paths.add(run + "/points?name=" + name + "&max=1000000");
      paths.add(run + "/points?name=" + name + "&max=100");
      paths.add(run + "/points?name=" + name + "&from=-50&to=777&max=7");
      paths.add(run + "/points?name=" + name + "&attempt=1&from=100&to=200");
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
