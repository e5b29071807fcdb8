// A sitemap from standard input as the package that makes most of them reads it.
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { ErrorLevel, XMLToSitemapItemStream } = require("sitemap");

const pages = [];
const strict = new XMLToSitemapItemStream({ level: ErrorLevel.THROW });
for await (const { url, lastmod } of process.stdin.pipe(strict)) pages.push([url, lastmod]);
process.stdout.write(JSON.stringify(pages));
