import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, test } from "@jest/globals";

/** Which rooms each room may look into. What is pure stays pure because nothing else is reachable from it. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "modules/aws": [],
  "modules/findings": ["modules/aws"],
  "modules/organization": ["modules/aws", "modules/findings"],
  "modules/policies": ["modules/aws"],
  "modules/keys": ["modules/aws", "modules/findings", "modules/organization", "modules/policies"],
  "modules/access": ["modules/aws", "modules/findings", "modules/policies"],
  "modules/checks": ["modules/access", "modules/aws", "modules/findings", "modules/policies"],
  "modules/continuity": ["modules/access", "modules/aws", "modules/findings"],
  "modules/drift": ["modules/access", "modules/aws", "modules/findings", "modules/live", "modules/policies"],
  "modules/inventory": ["modules/access", "modules/aws", "modules/findings", "modules/policies"],
  "modules/review": [
    "modules/access",
    "modules/aws",
    "modules/continuity",
    "modules/findings",
    "modules/inventory",
    "modules/policies",
  ],
  "modules/terraform": ["modules/access", "modules/aws", "modules/continuity", "modules/findings", "modules/policies"],
  "modules/live": ["modules/access", "modules/aws", "modules/findings"],
  "modules/gate": [
    "modules/access",
    "modules/aws",
    "modules/checks",
    "modules/continuity",
    "modules/findings",
    "modules/policies",
    "modules/terraform",
  ],
  "modules/pipelines": ["modules/aws", "modules/findings", "modules/organization"],
  "modules/rollouts": ["modules/aws", "modules/findings", "modules/keys", "modules/organization", "modules/policies"],
  "modules/constructs": ["modules/aws", "modules/keys", "modules/organization", "modules/policies", "modules/rollouts"],
  "modules/report": [
    "modules/access",
    "modules/aws",
    "modules/drift",
    "modules/findings",
    "modules/gate",
    "modules/inventory",
    "modules/keys",
    "modules/organization",
    "modules/policies",
    "modules/review",
    "modules/rollouts",
    "modules/terraform",
  ],
  stacks: [
    "modules/access",
    "modules/aws",
    "modules/checks",
    "modules/constructs",
    "modules/continuity",
    "modules/findings",
    "modules/keys",
    "modules/organization",
    "modules/policies",
    "modules/rollouts",
  ],
  "modules/cli": ["*"],
};

/** Packages that only some rooms may know. */
const restrictedPackages: Readonly<Record<string, readonly string[]>> = {
  cdktf: ["modules/constructs", "stacks"],
  constructs: ["modules/constructs", "stacks"],
  "@cdktf/provider-aws": ["modules/constructs", "stacks"],
  "@aws-sdk": ["modules/live"],
  commander: ["modules/cli"],
  chokidar: ["modules/cli"],
  "node:http": ["modules/cli", "modules/live"],
  "node:fs": ["modules/cli", "modules/terraform", "stacks"],
  "node:process": ["modules/cli"],
  "node:child_process": ["modules/cli", "modules/terraform"],
};

/** AGPL: an oracle for tests, never part of the tool. */
const testOnlyPackages = ["@cloud-copilot/iam-simulate"];

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

const files = ["modules", "stacks"].flatMap((top) =>
  readdirSync(top, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => posix.join(top, path)),
);
const imports: Import[] = files.flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/(?:from|import|require)\s*\(?\s*"([^"]+)"/g)].map((match) => ({
    file,
    room: roomOf(file),
    target: match[1] ?? "",
  })),
);

function roomOf(path: string): string {
  const [top = "", second = ""] = path.split("/");
  return top === "stacks" ? top : `${top}/${second}`;
}

describe("imports", () => {
  test("every room of modules/ has its place in the direction", () => {
    expect(files.length).toBeGreaterThan(20);
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in mayImport))).toEqual([]);
  });

  test("point one way", () => {
    const wrong = imports.filter(({ file, room, target }) => {
      if (!target.startsWith(".")) return false;
      const other = roomOf(posix.join(posix.dirname(file), target));
      const allowed = mayImport[room] ?? [];
      return other !== room && other in mayImport && !allowed.includes("*") && !allowed.includes(other);
    });
    expect(wrong).toEqual([]);
  });

  test("keep the framework, the disk and the process in their rooms", () => {
    const wrong = imports.filter(({ room, target }) =>
      Object.entries(restrictedPackages).some(
        ([name, rooms]) => (target === name || target.startsWith(`${name}/`)) && !rooms.includes(room),
      ),
    );
    expect(wrong).toEqual([]);
  });

  test("never reach the oracle outside of tests", () => {
    expect(imports.filter(({ target }) => testOnlyPackages.some((name) => target.startsWith(name)))).toEqual([]);
  });

  test("take provider classes by sub-path: the index costs seconds and hundreds of MB", () => {
    expect(imports.filter(({ target }) => target === "@cdktf/provider-aws")).toEqual([]);
  });
});

describe("the clock, the environment and the process", () => {
  test("are touched by the command line and the app alone", () => {
    const wrong = files.filter((file) => {
      if (roomOf(file) === "modules/cli" || file === "stacks/main.ts") return false;
      return /\bDate\.now\(|new Date\(\)|process\.(env|argv|exit|cwd|stdout|stderr)/.test(
        readFileSync(join(file), "utf8"),
      );
    });
    expect(wrong).toEqual([]);
  });
});
