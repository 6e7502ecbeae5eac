import { describe, expect, test } from "@jest/globals";
import { isSilence } from "../../modules/live/aws-error";

describe("an error is silence", () => {
  test.each<[string, boolean, object]>([
    ["where the SDK has waited long enough", true, { name: "TimeoutError" }],
    ["where nobody is at the address", true, { name: "Error", code: "ECONNREFUSED" }],
    ["where the connection breaks", true, { name: "Error", code: "ECONNRESET" }],
    ["where nobody knows the name", true, { name: "Error", code: "ENOTFOUND" }],
    ["not where AWS says no", false, { name: "AccessDeniedException" }],
    ["not where AWS says later", false, { name: "ThrottlingException", code: "ThrottlingException" }],
    ["not where the answer makes no sense", false, new SyntaxError("Unexpected token")],
  ])("%s", (_, silent, error) => {
    expect(isSilence(error)).toBe(silent);
  });
});
