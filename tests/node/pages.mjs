// Pages from standard input, as JSON by name: what is wrong with their HTML, and what previews of
// links to them would show.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/`);
const { HtmlValidate } = require("html-validate");
const ogs = require("open-graph-scraper");

const extend = ["html-validate:standard", "html-validate:document", "html-validate:a11y"];
const rules = { "require-sri": ["error", { target: "crossorigin" }] };
const judge = new HtmlValidate({ root: true, extends: extend, rules });
const answers = {};
for (const [name, html] of Object.entries(JSON.parse(readFileSync(0, "utf-8")))) {
  const report = await judge.validateString(html);
  const wrong = report.results.flatMap(({ messages }) =>
    messages.map(({ line, ruleId, message }) => `${line}: ${ruleId}: ${message}`),
  );
  const { error, result } = await ogs({ html });
  answers[name] = { wrong, error, preview: result };
}
process.stdout.write(JSON.stringify(answers));
