import Ajv, { type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

/** The standard's own schema. It calls itself draft 4, and uses nothing that later drafts understand otherwise. */
function sarifSchema(): ValidateFunction {
  const { $schema: _, id: __, ...schema } = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  addFormats(ajv);
  return ajv.compile(schema);
}

export const isSarif = sarifSchema();
