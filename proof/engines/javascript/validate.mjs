// Validate with one of the engines and print its report as N-Triples.
// usage: node validate.mjs shacl-engine|rdf-validate-shacl DATA SHAPES
// shacl-engine looks for subclasses in the shapes graph alone, where the specification
// (SHACL 2.1.3.2 and 4.1.1) has those of the data graph count: it is given them there.

import { readFileSync, writeFileSync } from "node:fs";
import { DataFactory, Parser, Store, Writer } from "n3";

const SUBCLASS = DataFactory.namedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf");
const [engine, dataFile, shapesFile] = process.argv.slice(2);

function read(file, blankNodePrefix) {
  const parser = new Parser({ format: "N-Triples", blankNodePrefix });
  return new Store(parser.parse(readFileSync(file, "utf-8")));
}

async function validate(data, shapes) {
  if (engine === "rdf-validate-shacl") {
    const { default: Validator } = await import("rdf-validate-shacl");
    return new Validator(shapes).validate(data);
  }
  const { Validator } = await import("shacl-engine");
  const factory = { ...DataFactory, dataset: (quads) => new Store(quads) };
  shapes.addQuads(data.getQuads(null, SUBCLASS, null));
  return new Validator(shapes, { factory }).validate({ dataset: data });
}

const report = await validate(read(dataFile, "data_"), read(shapesFile, "shapes_"));
writeFileSync(1, new Writer({ format: "N-Triples" }).quadsToString([...report.dataset]));
