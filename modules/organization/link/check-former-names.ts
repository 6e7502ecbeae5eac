import type { CheckedFiles } from "../check-files";
import type { MapFile, MapPath } from "../map-file";
import type { Problem } from "../problem";

/** A name of the map, with the one that its keys go by. */
interface Named {
  readonly file: MapFile;
  readonly path: MapPath;
  readonly name: string;
  readonly formerly: string | undefined;
}

/**
 * Keys keep the name that their workload, environment or data class had when they were made. Two that claim one such name
 * would claim one key.
 */
export function checkFormerNames(files: CheckedFiles): Problem[] {
  const workloads = files.workloads.flatMap(({ entries }) => [...entries]);
  const dataClasses = [...(files.dataClasses?.entries ?? [])];
  const environments = workloads.map(([workload, { value, file }]) =>
    Object.entries(value.environments).map(([name, { formerly }]): Named => {
      return { file, path: [workload, "environments", name], name, formerly };
    }),
  );
  return [
    ...claimedTwice(
      "workload",
      workloads.map(([name, { value, file }]) => ({ file, path: [name], name, formerly: value.formerly })),
    ),
    ...claimedTwice(
      "data class",
      dataClasses.map(([name, { value, file }]) => {
        return { file, path: [name], name, formerly: value.key === "customer-managed" ? value.formerly : undefined };
      }),
    ),
    ...environments.flatMap((each) => claimedTwice("environment", each)),
    ...workloads
      .filter(([, { value }]) => value.formerly === "shared")
      .map(([name, { file }]) =>
        file.problem([name, "formerly"], "is the name of keys per environment, which no workload ever had", {
          fix: "write the name that the workload had",
        }),
      ),
  ];
}

function claimedTwice(what: string, all: readonly Named[]): Problem[] {
  const problems: Problem[] = [];
  // A name that is used as it is belongs to who has it now, wherever in the files it stands.
  const inOrder = [...all].sort((a, b) => Number(a.formerly !== undefined) - Number(b.formerly !== undefined));
  const byIdentity = new Map<string, Named>();
  for (const named of inOrder) {
    const { file, path, name, formerly } = named;
    if (formerly === name) {
      const fix = "leave it out: it is for a name that has changed";
      problems.push(file.problem([...path, "formerly"], `is what the ${what} is called today`, { fix }));
      continue;
    }
    const identity = formerly ?? name;
    const other = byIdentity.get(identity);
    if (other === undefined) byIdentity.set(identity, named);
    // Two workloads of one name are told so where names are.
    else if (formerly !== undefined) {
      const claim = other.formerly === undefined ? "is called so today" : "was called so as well";
      const message = `names keys that ${what} ${other.name} (${other.file.name}) has: it ${claim}`;
      const fix = `give the ${what} that is new another name, or leave formerly out where no keys have that name`;
      problems.push(file.problem([...path, "formerly"], message, { fix }));
    }
  }
  return problems;
}
