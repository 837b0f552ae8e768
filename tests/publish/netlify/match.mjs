// What Netlify's own engines make of _headers and _redirects, for each of the paths on standard
// input: the headers of every rule that fits, and where it leads. Argument: the folder of both.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const { parseAllHeaders } = await import(require.resolve("@netlify/headers-parser"));
const redirector = require("netlify-redirector");

const folder = process.argv[2];
const { headers, errors } = await parseAllHeaders({
  headersFiles: [join(folder, "_headers")],
  configHeaders: [],
  minimal: false,
});
const redirects = await redirector.parsePlain(readFileSync(join(folder, "_redirects"), "utf8"), {});

const found = {};
for (const path of JSON.parse(readFileSync(0, "utf8"))) {
  const match = redirects.match({
    scheme: "https", host: "example.org", path, query: "",
    getHeader: () => "", getCookie: () => "",
  });
  found[path] = {
    headers: headers.filter(each => each.forRegExp.test(path)).map(each => each.values),
    leads: match ? [match.status, match.to] : null,
  };
}
console.log(JSON.stringify({ wrong: errors.map(String), found }));
