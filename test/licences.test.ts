import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";

interface Locked {
  readonly license?: string;
  readonly dev?: boolean;
}

/** What asks for nothing but its notice, or, as the MPL, for the source of its own files. */
const allowed = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT", "MPL-2.0"];

/** Its own words, in place of a name from the SPDX list. */
const exceptions = ["jsonify Public Domain"];

describe("licences", () => {
  test("of all that is installed to run are ones that let it be used and passed on", () => {
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
      readonly packages: Readonly<Record<string, Locked>>;
    };
    const toRun = Object.entries(packages).filter(([folder, { dev }]) => folder !== "" && dev !== true);
    const others = toRun
      .filter(([, { license = "none" }]) => !allowed.includes(license))
      .map(([folder, { license }]) => `${folder.replace(/^.*node_modules\//, "")} ${license}`);
    expect(toRun.length).toBeGreaterThan(50);
    expect(others).toEqual(exceptions);
  });
});
