import { describe, expect, test } from "vitest";
import { highestAt, indexOf } from "@/lib/histogram/index";
import { edgesOf } from "@/lib/query/exposition/edges";
import { type Family, labelsOf } from "@/lib/query/exposition/family";
import { formFor } from "@/lib/query/exposition/negotiate";
import { exposition } from "@/lib/query/exposition/text";
import { readExposition } from "@/test/support/exposition";

const PROMETHEUS_3 =
  "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5," +
  "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

describe("which form", () => {
  test.each([
    [null, "prometheus"],
    ["*/*", "prometheus"],
    ["text/html", "prometheus"],
    ["text/plain;version=0.0.4", "prometheus"],
    ["application/openmetrics-text", "openmetrics"],
    ["application/openmetrics-text; version=1.0.0; charset=utf-8", "openmetrics"],
    ['application/openmetrics-text; version="1.0.0"', "openmetrics"],
    ["application/openmetrics-text;version=0.0.1,text/plain;version=0.0.4;q=0.5", "prometheus"],
    ["application/openmetrics-text;q=0.1,text/plain", "prometheus"],
    ["application/openmetrics-text;q=0", "prometheus"],
    ["application/openmetrics-text;q=nonsense", "prometheus"],
    ["Application/OpenMetrics-Text;Q=0.5,*/*;q=0.9", "openmetrics"],
    [PROMETHEUS_3, "openmetrics"],
  ])("%s", (accept, form) => expect(formFor(accept)).toBe(form));
});

describe("edges", () => {
  test.each([1, 2, 4])("with %d a doubling, each is the top of a bucket of the layout", (perDoubling) => {
    const edges = edgesOf(perDoubling);
    expect(edges).toHaveLength(17 * perDoubling + 1);
    for (const { le, index } of edges) {
      expect(highestAt(index)).toBe(Math.round(Number(le) * 1e6));
      expect(indexOf(highestAt(index) + 1)).toBe(index + 1);
    }
    expect(edges[0]!.le).toBe("0.000511");
    expect(edges.at(-1)!.le).toBe("67.108863");
  });

  test("none is none", () => expect(edgesOf(0)).toEqual([]));
});

describe("the text", () => {
  const strange = 'a "quoted"\nback\\slash, ü {x="y"}';
  const families: Family[] = [
    {
      name: "tailfill_things",
      type: "counter",
      help: 'How many "things"\nthere are, \\ all.',
      samples: [
        { suffix: "_total", labels: labelsOf({ name: strange }), value: 3 },
        { suffix: "_created", labels: labelsOf({ name: strange }), value: 1.5 },
      ],
    },
    { name: "tailfill_build", type: "info", help: "x", samples: [{ suffix: "_info", labels: '{v="1"}', value: 1 }] },
    { name: "tailfill_age_seconds", type: "gauge", unit: "seconds", help: "x", samples: [] },
  ];
  const textOf = (form: "prometheus" | "openmetrics") => [...exposition(families, form)].join("");

  test("escapes labels so that they come out as they went in", () => {
    for (const form of ["prometheus", "openmetrics"] as const) {
      const [first] = [...readExposition(textOf(form), form).values()];
      expect(first!.samples[0]).toEqual({ name: "tailfill_things_total", labels: { name: strange }, value: 3 });
    }
  });

  test("has what each form wants, and nothing of the other", () => {
    expect(textOf("prometheus")).toBe(
      [
        '# HELP tailfill_things_total How many "things"\\nthere are, \\\\ all.',
        "# TYPE tailfill_things_total counter",
        String.raw`tailfill_things_total{name="a \"quoted\"\nback\\slash, ü {x=\"y\"}"} 3`,
        "# HELP tailfill_build_info x",
        "# TYPE tailfill_build_info gauge",
        'tailfill_build_info{v="1"} 1',
        "# HELP tailfill_age_seconds x",
        "# TYPE tailfill_age_seconds gauge",
        "",
      ].join("\n"),
    );
    const lines = textOf("openmetrics").split("\n");
    expect(lines.slice(0, 2)).toEqual([
      "# TYPE tailfill_things counter",
      '# HELP tailfill_things How many \\"things\\"\\nthere are, \\\\ all.',
    ]);
    expect(lines).toContain("# TYPE tailfill_build info");
    expect(lines).toContain("# UNIT tailfill_age_seconds seconds");
    expect(lines.slice(-2)).toEqual(["# EOF", ""]);
  });

  test("comes in pieces when it is long", () => {
    const samples = Array.from({ length: 2_500 }, (_, n) => ({
      suffix: "",
      labels: labelsOf({ n: `${n}` }),
      value: n,
    }));
    const pieces = [...exposition([{ name: "many", type: "gauge", help: "x", samples }], "prometheus")];
    expect(pieces).toHaveLength(3);
    expect(readExposition(pieces.join(""), "prometheus").get("many")!.samples).toHaveLength(2_500);
  });
});
