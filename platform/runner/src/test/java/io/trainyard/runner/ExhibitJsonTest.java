package io.trainyard.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.spi.Exhibit;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExhibitJsonTest {
  @Test
  void everyKindIsWrittenAsTheApiHasIt() throws Exception {
    assertThat(json(new Exhibit.Text("a \"b\"\n\u00fc")))
        .isEqualTo("{\"kind\":\"text\",\"data\":{\"text\":\"a \\\"b\\\"\\n\u00fc\"}}");
    assertThat(json(new Exhibit.Histogram(new double[] {0, 0.5, 1}, new long[] {3, 4}, 2)))
        .isEqualTo("{\"kind\":\"histogram\",\"data\":{\"edges\":[0.0,0.5,1.0],\"counts\":[3,4],\"not_finite\":2}}");
    double[] odd = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    Exhibit.Curves curves = new Exhibit.Curves("x", "y", new double[] {-1, 0, 1}, List.of(new Exhibit.Curve("relu", odd)));
    assertThat(json(curves.logLog())).endsWith("}],\"log_x\":true,\"log_y\":true}}");
    assertThat(json(curves))
        .isEqualTo(
            "{\"kind\":\"curves\",\"data\":{\"x_label\":\"x\",\"y_label\":\"y\",\"x\":[-1.0,0.0,1.0],"
                + "\"curves\":[{\"name\":\"relu\",\"y\":[\"NaN\",\"Infinity\",\"-Infinity\"]}],"
                + "\"log_x\":false,\"log_y\":false}}");
    List<String> classes = List.of("a", "b");
    assertThat(json(new Exhibit.Matrix("true", classes, "predicted", classes, new long[][] {{1, 2}, {3, 4}})))
        .isEqualTo(
            "{\"kind\":\"matrix\",\"data\":{\"row_label\":\"true\",\"rows\":[\"a\",\"b\"],"
                + "\"column_label\":\"predicted\",\"columns\":[\"a\",\"b\"],\"counts\":[[1,2],[3,4]]}}");
    assertThat(json(new Exhibit.Table(classes, List.of(List.of("1", "2")))))
        .isEqualTo("{\"kind\":\"table\",\"data\":{\"columns\":[\"a\",\"b\"],\"rows\":[[\"1\",\"2\"]]}}");
    assertThat(json(new Exhibit.Images(List.of(new Exhibit.Picture(2, 1, 1, new byte[] {0, (byte) 255}, "boot")))))
        .isEqualTo(
            "{\"kind\":\"images\",\"data\":{\"pictures\":[{\"width\":2,\"height\":1,\"channels\":1,"
                + "\"pixels\":\"AP8=\",\"caption\":\"boot\"}]}}");
  }

  @Test
  void whatIsTooLargeIsRefused() {
    Exhibit.Table endless = new Exhibit.Table(List.of("a"), Collections.nCopies(1_000_000, List.of("x")));
    assertThatThrownBy(() -> ExhibitJson.write(endless, 1000))
        .isInstanceOf(ExhibitJson.TooLarge.class)
        .hasMessage("it takes more than 1000 bytes");
    assertThatThrownBy(() -> ExhibitJson.write(new Exhibit.Text("x".repeat(70)), 99)).isNotNull();
  }

  @Test
  void theLimitItselfFits() throws Exception {
    int around = json(new Exhibit.Text("")).length();
    assertThat(ExhibitJson.write(new Exhibit.Text("x".repeat(100 - around)), 100)).hasSize(100);
    assertThatThrownBy(() -> ExhibitJson.write(new Exhibit.Text("x".repeat(101 - around)), 100)).isNotNull();
  }

  private static String json(Exhibit exhibit) throws Exception {
    return new String(ExhibitJson.write(exhibit, 10_000), StandardCharsets.UTF_8);
  }
}
