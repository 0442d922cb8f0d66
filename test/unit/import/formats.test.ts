import { describe, expect, test } from "vitest";
import { accessFormat } from "@/lib/cli/import/access-format";
import { jsonFields, jsonFormat } from "@/lib/cli/import/json-format";
import { anyTime, commonTime, epochTime, isoTime } from "@/lib/cli/import/log-time";
import { ACCESS_PRESETS, JSON_PRESETS } from "@/lib/cli/import/presets";

const AT = Date.parse("2026-11-22T10:00:05Z");

describe("times", () => {
  test.each([
    ["22/Nov/2026:10:00:05 +0000", AT],
    ["[22/Nov/2026:11:30:05 +0130]", AT],
    ["22/Nov/2026:05:00:05 -0500", AT],
    ["22/Nov/2026:10:00:05.250 +0000", AT + 250],
    ["31/Feb/2026:10:00:05 +0000", null],
    ["22/Nop/2026:10:00:05 +0000", null],
    ["22/Nov/2026:25:00:05 +0000", null],
    ["22/Nov/2026:10:00:05", null],
  ])("common: %s", (text, ms) => expect(commonTime(text)).toBe(ms));

  test.each([
    ["2026-11-22T10:00:05Z", AT],
    ["2026-11-22T11:00:05.5+01:00", AT + 500],
    ["2026-11-22 10:00:05,250", AT + 250],
    ["2026-11-22T10:00:05", AT],
    ["2026-22-11T10:00:05Z", null],
    ["yesterday", null],
  ])("ISO 8601: %s", (text, ms) => expect(isoTime(text)).toBe(ms));

  test.each([
    ["1795341605", AT],
    ["1795341605.250", AT + 250],
    ["1795341605250", AT + 250],
    ["1795341605250999", AT + 250],
    ["1795341605250999000", AT + 250],
    ["17", null],
    ["x", null],
  ])("since 1970: %s", (text, ms) => expect(epochTime(text)).toBe(ms));

  test("any of them", () => {
    for (const text of ["22/Nov/2026:10:00:05 +0000", "2026-11-22T10:00:05Z", "1795341605"])
      expect(anyTime(text)).toBe(AT);
  });
});

const ok = { atMs: AT, method: "GET", path: "/users/42", outcome: "ok", latencyUs: 123_000, user: null };
const nginxLine = ({ status = "200", time = "0.123", request = "GET /users/42?x=1 HTTP/1.1", user = "-" } = {}) =>
  `203.0.113.9 - ${user} [22/Nov/2026:10:00:05 +0000] "${request}" ${status} 1234 "https://e.test/" "Mozilla/5.0 (X11)" ${time}`;

describe("nginx", () => {
  const format = accessFormat(ACCESS_PRESETS["nginx"]!, null);

  test.each([
    ["a request", {}, ok],
    ["one the client left", { status: "499" }, { ...ok, outcome: "aborted" }],
    ["one that failed", { status: "503" }, { ...ok, outcome: "server_error" }],
    ["one that was refused", { status: "404" }, { ...ok, outcome: "client_error" }],
    ["a redirect", { status: "301" }, ok],
    ["a whole address", { request: "GET http://e.test/users/42 HTTP/1.1" }, ok],
    ["no protocol", { request: "GET /users/42" }, ok],
    ["time in whole seconds", { time: "2" }, { ...ok, latencyUs: 2_000_000 }],
  ])("%s", (_, change, expected) => expect(format.read(nginxLine(change))).toEqual(expected));

  test.each([
    ["bytes of a handshake", { request: "\\x16\\x03\\x01" }, "request"],
    ["an empty request", { request: "" }, "request"],
    ["no status", { status: "000" }, "status"],
    ["a status of a plugin", { status: "-" }, "status"],
    ["no time", { time: "-" }, "latency"],
    ["a negative time", { time: "-1" }, "latency"],
  ])("%s is a bad line", (_, change, reason) => expect(format.read(nginxLine(change))).toBe(reason));

  test("a line of another format is told as such", () => {
    expect(format.read("nonsense")).toBe("format");
    expect(format.read(nginxLine().slice(0, 80))).toBe("format");
    expect(format.read(nginxLine().replace("22/Nov", "99/Nov"))).toBe("time");
  });

  test("fields behind the last one are no harm", () =>
    expect(format.read(`${nginxLine()} "0.1, 0.2" upstream`)).toEqual(ok));

  test("a format of one's own, with the user's field, in any order", () => {
    const own = accessFormat("$request_time|${status}|$msec|$request_method $request_uri|$http_x_user", "$http_x_user");
    expect(own.read("0.123|200|1795341605.000|GET /users/42?a=b|u_7")).toEqual({ ...ok, user: "u_7" });
    expect(own.read("0.123|200|1795341605.000|GET /users/42|-")).toEqual(ok);
  });

  test("user of the preset", () => {
    const named = accessFormat(ACCESS_PRESETS["nginx"]!, "$remote_user");
    expect(named.read(nginxLine({ user: "anna" }))).toEqual({ ...ok, user: "anna" });
  });
});

describe("Apache", () => {
  const line = (rest: string) =>
    `203.0.113.9 - anna [22/Nov/2026:10:00:05 +0000] "GET /users/42 HTTP/1.1" 200 1234 ${rest}`;

  test("the preset, with microseconds", () => {
    const format = accessFormat(ACCESS_PRESETS["apache"]!, "%u");
    expect(format.read(line('"-" "curl/8" 123000'))).toEqual({ ...ok, user: "anna" });
  });

  test("quotes within a quoted field do not end it", () => {
    const format = accessFormat(ACCESS_PRESETS["apache"]!, null);
    expect(format.read(line('"-" "a \\"b\\" 9 \\\\" 123000'))).toEqual(ok);
  });

  test.each([
    ["%T", "2", 2_000_000],
    ["%{ms}T", "123", 123_000],
    ["%{us}T", "123", 123],
    ["%{s}T", "1", 1_000_000],
  ])("%s", (directive, text, latencyUs) => {
    const format = accessFormat(`%t \\"%r\\" %>s ${directive}`, null);
    expect(format.read(`[22/Nov/2026:10:00:05 +0000] "GET /users/42 HTTP/1.1" 200 ${text}`)).toEqual({
      ...ok,
      latencyUs,
    });
  });

  test("%X tells of connections that ended early, %m %U of requests, a header of the user", () => {
    const format = accessFormat("%{msec}t %m %U %s %X %D %{X-User}i", "%{X-User}i");
    const read = (end: string) => format.read(`1795341605000 GET /users/42 200 ${end} 123000 u_7`);
    expect(read("+")).toEqual({ ...ok, user: "u_7" });
    expect(read("X")).toEqual({ ...ok, user: "u_7", outcome: "aborted" });
  });
});

describe("formats that will not do", () => {
  test.each([
    ["$request $status $request_time", "a time"],
    ["$msec $status $request_time", "the request"],
    ["$msec $request $request_time", "the status"],
    ["$msec $request $status", "the request time"],
    ["$msec $status$request $request_time", "nothing stands before $request"],
    ["hello", "a time"],
  ])("%s", (format, what) => expect(() => accessFormat(format, null)).toThrow(what));

  test("a user's field that is not in it", () =>
    expect(() => accessFormat(ACCESS_PRESETS["nginx"]!, "$cookie_uid")).toThrow("$cookie_uid"));
});

describe("JSON lines", () => {
  const fields = "time=ts,method=req.method,path=req.url,status=res.statusCode,duration=took:ms,user=user.id";
  const value = {
    ts: "2026-11-22T10:00:05Z",
    req: { method: "GET", url: "/users/42?x" },
    res: { statusCode: 200 },
    took: 123,
  };
  const format = jsonFormat(jsonFields(fields), null);
  const read = (change: object) => format.read(JSON.stringify({ ...value, ...change }));

  test.each([
    ["a request", {}, ok],
    ["with a user", { user: { id: 42 } }, { ...ok, user: "42" }],
    ["a fraction of a millisecond", { took: 0.123456 }, { ...ok, latencyUs: 123 }],
    ["numbers as text", { res: { statusCode: "499" }, took: "123" }, { ...ok, outcome: "aborted" }],
    ["seconds since 1970", { ts: 1795341605.2 }, { ...ok, atMs: AT + 200 }],
    ["no time", { ts: null }, "time"],
    ["no request", { req: [] }, "request"],
    ["no status", { res: {} }, "status"],
    ["no duration", { took: true }, "latency"],
  ])("%s", (_, change, expected) => expect(read(change)).toEqual(expected));

  test("what is not JSON, or no object", () => {
    expect(format.read("{nonsense")).toBe("json");
    for (const line of ["null", "3", '"x"', "[]"]) expect(format.read(line)).toBe("time");
  });

  test("presets", () => {
    const caddy =
      '{"ts":1795341605.0,"request":{"method":"GET","uri":"/users/42"},"user_id":"","status":200,"duration":0.123}';
    expect(jsonFormat(JSON_PRESETS["caddy"]!, null).read(caddy)).toEqual(ok);
    const pino =
      '{"time":1795341605000,"req":{"method":"GET","url":"/users/42"},"res":{"statusCode":200},"responseTime":123}';
    expect(jsonFormat(JSON_PRESETS["pino"]!, null).read(pino)).toEqual(ok);
  });

  test.each([
    ["time=ts", "status, duration"],
    ["time=ts,status=s,duration=d", "request, or method and path"],
    ["colour=red", "colour=red is none of"],
    ["time=ts,status=s,duration=d:weeks,request=r", ":s, :ms"],
  ])("fields that will not do: %s", (text, what) => expect(() => jsonFields(text)).toThrow(what));

  test("a key with dots of its own", () => {
    const dotted = jsonFormat(jsonFields("time=t,request=http.request,status=s,duration=d:us"), null);
    expect(dotted.read('{"t":1795341605,"http.request":"GET /users/42","s":200,"d":123000}')).toEqual(ok);
  });
});
