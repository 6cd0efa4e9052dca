import { describe, expect, it } from "vitest";
import { testOf } from "./expression/expression.ts";
import type { Fields } from "./expression/fields.ts";
import { normalPath } from "./normal-path.ts";
import { NotKnown } from "./not-known.ts";
import { countryBy } from "./ranges.ts";

const request: Fields = {
  host: "media.example.org",
  path: "/Videos/1/stream.MP4",
  rawPath: "/Videos/1/stream.MP4",
  query: "static=true",
  method: "GET",
  userAgent: "Mozilla/5.0",
  referer: "",
  ip: "198.51.100.7",
  country: "JP",
  ssl: true,
};

describe("the language of rules", () => {
  it.each([
    ["true", true],
    ["ssl", true],
    ["not ssl", false],
    ['http.host eq "media.example.org"', true],
    ['http.host == "git.example.org" || http.host ne "git.example.org"', true],
    ['http.host in {"git.example.org" "media.example.org"} and not ip.src.country in {"FR" "BE"}', true],
    ['not ip.src.country in {"JP"} or ip.geoip.country eq "JP"', true],
    ['http.request.uri.path contains "/stream"', true],
    ['starts_with(lower(http.request.uri.path), "/videos/")', true],
    ['starts_with(http.request.uri.path, "/videos/")', false],
    ['ends_with(http.request.uri, "static=true")', true],
    ['http.request.uri.path.extension in {"mkv" "mp4"}', true],
    ["ip.src eq 198.51.100.7", true],
    ["ip.src in {192.0.2.0/24 198.51.100.0/24}", true],
    ["ip.src ne 198.51.100.7", false],
    ['http.request.method in {"POST"} and ssl or http.user_agent contains "Mozilla"', true],
    ['http.request.method in {"POST"} and (ssl or http.user_agent contains "Mozilla")', false],
    ['!(ssl && http.request.method != "POST")', false],
    ['http.host eq "a \\"quoted\\" name"', false],
  ])("%s", (expression, holds) => {
    expect(testOf(expression)(request)).toBe(holds);
  });

  it.each([
    ["http.request.uri.args", "the field http.request.uri.args"],
    ['false_field eq "x" and ssl', "the field false_field"],
    ['ssl or ssl and http.request.body.raw contains "x"', "the field http.request.body.raw"],
    ['http.host matches "^a"', "the operator matches"],
    ['http.host wildcard "*.example.org"', "the operator wildcard"],
    ["ip.src.asnum in {1 2}", "the field ip.src.asnum"],
    ["ip.src in $office", '"$office" in an expression'],
    ['regex_replace(http.host, "a", "b") eq "b"', "the function regex_replace"],
    ["lower(ip.src)", "lower with other than 1 texts"],
    ['http.host in "a"', "in with no set"],
    ['http.host eq {"a"}', "eq with a set"],
    ["http.host eq a", "a where a text in quotes is expected"],
    ['ip.src eq "198.51.100.7"', "198.51.100.7 where an address is expected"],
    ['http.host contains ""a', '"a" where an expression ends'],
    ["(ssl", '"the end" where ) is expected'],
    ['http.host eq "a\\\\b\\n"', "\\n in a text"],
    ["ssl xor ssl", "the operator xor"],
    ["", "an end where more is expected"],
    ["constructor", "the field constructor"],
  ])("refuses %s", (expression, why) => {
    expect(() => testOf(expression)).toThrow(NotKnown);
    expect(() => testOf(expression)).toThrow(why);
  });
});

describe("a path as rules see it", () => {
  it.each([
    ["/%68ello", "/hello"],
    ["/hello//pa\\th", "/hello/pa/th"],
    ["/a/./b/../c", "/a/c"],
    ["/a/%2e%2e/b", "/b"],
    ["/a/..%2fb", "/a/..%2Fb"],
    ["/../..", "/"],
    ["/é", "/%C3%A9"],
  ])("%s is %s", (raw, normal) => {
    expect(normalPath(raw)).toBe(normal);
  });
});

it("knows the country of an address by its range", () => {
  const countryOf = countryBy({ "10.1.0.0/16": "FR", "10.0.0.0/8": "BE", "2001:db8::/32": "DE" });
  expect(["10.1.2.3", "10.2.0.1", "2001:db8::1", "192.0.2.1"].map(countryOf)).toEqual(["FR", "BE", "DE", "XX"]);
});
