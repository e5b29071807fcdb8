// A JSON Schema and manifests by name, as JSON from standard input: what ajv says of them.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/`);
const { Ajv2020 } = require("ajv/dist/2020");
const { parseAllDocuments } = require("yaml");
const { schema, files } = JSON.parse(readFileSync(0, "utf-8"));

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
const answers = {};
for (const [name, base64] of Object.entries(files)) {
  let found;
  try {
    const bytes = Buffer.from(base64, "base64");
    const documents = parseAllDocuments(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const wrong = documents.flatMap((each) => each.errors.map((error) => error.code));
    found = documents.length === 1 && !wrong.length && validate(documents[0].toJS());
    answers[name] = { accepted: found, wrong: found ? [] : validate.errors ?? wrong };
  } catch (error) {
    answers[name] = { accepted: false, wrong: [String(error)] };
  }
}
process.stdout.write(JSON.stringify(answers));
