import { driftChanges } from "./drift-changes";

/** Every change with what is found of it, as a table of Markdown. */
export function driftChangesTable(): string {
  const rows = driftChanges.map(({ name, findings, healedBy }) => {
    const found = findings.map(({ id, severity }) => `\`${id}\`, ${severity}`).join("; ");
    return `| ${name} | ${found || "nothing: it means the same"} | ${HEALED[healedBy]} |`;
  });
  return ["| change | finding | healed by |", "|---|---|---|", ...rows].join("\n");
}

const HEALED = {
  commands: "its commands",
  ending: "its commands that end a key, once it is known that nothing is under it",
  apply: "`orgkeys apply`",
  nothing: "",
} as const;
