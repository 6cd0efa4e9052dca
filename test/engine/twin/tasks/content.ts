import fc from "fast-check";
import { file, maybe, of, one, type Weighted } from "./argument.ts";

const json = one("/lab/d1/a.json", "/lab/d1/a.json", "/lab/b.conf");

const xml = one("/lab/d1/a.xml", "/lab/d1/a.xml", "/lab/a");
const key = one("/lab/d1/a.key");
const request = one("/lab/d1/a.csr");
const passwords = one("/lab/d1/htpasswd", "/lab/a");

/** Tasks on what is inside a file. */
export const content: Weighted = [
  [
    2,
    of("ini_file", {
      path: file,
      section: maybe(one("web")),
      option: one("key", "port"),
      value: one(1, "two"),
      create: maybe(fc.boolean()),
      mode: maybe(one("0644", "0600")),
    }),
  ],
  [1, of("ini_file", { path: file, section: one("web"), option: maybe(one("key")), state: one("absent") })],
  [2, of("json_patch", { path: json, values: one({ a: 1 }, { a: null, b: { c: [1] } }), create: maybe(one(true)) })],
  [1, of("json_patch", { path: json, operations: one([{ op: "add", path: "/list/-", value: 1 }], [{ op: "remove", path: "/a" }]) })],
  [1, of("htpasswd", { path: passwords, name: one("alice", "bob"), password: one("correct horse", "battery staple"), cost: one(8) })],
  [1, of("copy", { dest: one("/lab/d1/a.xml"), content: one("<a />\n", "<a><c>1</c></a>") })],
  [2, of("xml", { path: xml, xpath: one("/a/b", "/a/c"), value: one(1, "two") })],
  [1, of("xml", { path: xml, xpath: one("/a"), set_children: one([{ c: 1 }], []) })],
  [1, of("xml", { path: xml, xpath: one("/a/b"), state: one("absent") })],
  [1, of("xml", { path: xml, xpath: one("/a/*"), count: one(true) })],
  [2, of("x509_key", { path: key, type: one("ed25519"), owner: maybe(one("root", "late")), mode: maybe(one("0600", "0640")) })],
  [1, of("x509_key", { path: key, state: one("absent") })],
  [2, of("x509_csr", { path: request, privatekey_path: key, common_name: one("twin.example.org") })],
  [
    2,
    of("x509_certificate", {
      path: one("/lab/d1/a.crt"),
      provider: one("selfsigned"),
      csr_path: request,
      privatekey_path: key,
    }),
  ],
  [1, of("x509_certificate_info", { path: one("/lab/d1/a.crt", "/lab/a"), privatekey_path: maybe(key) })],
  [1, of("htpasswd", { path: passwords, name: one("alice"), state: one("absent") })],
];
