import type { MapPath } from "../../organization/map-file";
import { listNames, suggestName } from "../../organization/problem";
import type { TemplateDocument } from "../template";
import type { RuleFlaw, TemplateRule } from "./template-rule";
import { isMapping, type Mapping, mappingsIn, type PlacedValue, sectionOf } from "./template-values";

const reference = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference";

const pseudoParameters = [
  "AWS::AccountId",
  "AWS::NoValue",
  "AWS::NotificationARNs",
  "AWS::Partition",
  "AWS::Region",
  "AWS::StackId",
  "AWS::StackName",
  "AWS::URLSuffix",
];

type Kind = "parameter or resource" | "resource" | "condition" | "mapping";

/** One place that names something of the template. */
interface Reference {
  readonly path: MapPath;
  readonly kind: Kind;
  /** Undefined where it is no plain text, so that nobody can tell. */
  readonly name: string | undefined;
}

export const referenceRules: readonly TemplateRule[] = [
  {
    id: "references",
    rule: "every parameter, resource, condition and mapping that is named is there",
    because:
      "CloudFormation refuses such a template only in the first account, or in the one where the branch is taken",
    source: `${reference}/intrinsic-function-reference.html`,
    flaws: ({ document }) => {
      const known = namesOf(document);
      return [...referencesIn(document), ...keysInMappings(document)].flatMap((each): RuleFlaw[] => {
        if ("message" in each) return [each];
        const { path, kind, name } = each;
        if (name === undefined) {
          return [{ path, message: `names a ${kind} that cannot be told`, fix: "write its name as text" }];
        }
        if (known[kind].includes(name)) return [];
        const there = `use one of ${listNames(known[kind].filter((one) => !one.startsWith("AWS::")))}`;
        return [
          { path, message: `names ${kind} ${name}, which is not there`, fix: suggestName(name, known[kind], there) },
        ];
      });
    },
  },
  {
    id: "no-leftovers",
    rule: "every parameter, condition and mapping is used",
    because: "what nothing uses is most often a misspelled use of it",
    source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html",
    flaws: ({ document }) => {
      const used = new Set([...referencesIn(document)].map(({ kind, name }) => `${kindOfUse(kind)} ${name}`));
      const sections = [
        ["Parameters", "parameter"],
        ["Conditions", "condition"],
        ["Mappings", "mapping"],
      ] as const;
      return sections.flatMap(([section, kind]) =>
        sectionOf(document, section)
          .filter(([name]) => !used.has(`${kind} ${name}`))
          .map(([name]) => ({ path: [section, name], message: "is used nowhere", fix: "use it, or delete it" })),
      );
    },
  },
];

function kindOfUse(kind: Kind): string {
  return kind === "parameter or resource" ? "parameter" : kind;
}

function namesOf(document: TemplateDocument): Readonly<Record<Kind, readonly string[]>> {
  const names = (section: string): string[] => sectionOf(document, section).map(([name]) => name);
  return {
    "parameter or resource": [...names("Parameters"), ...names("Resources"), ...pseudoParameters],
    resource: names("Resources"),
    condition: names("Conditions"),
    mapping: names("Mappings"),
  };
}

function* referencesIn(document: TemplateDocument): Generator<Reference> {
  for (const section of ["Conditions", "Resources", "Outputs"]) {
    for (const [name, entry] of sectionOf(document, section)) {
      const path = [section, name];
      if (isMapping(entry) && section !== "Conditions") yield* attributeReferences({ path, value: entry });
      for (const mapping of mappingsIn(entry, path)) yield* functionReferences(mapping, section === "Conditions");
    }
  }
}

function* attributeReferences({ path, value }: PlacedValue<Mapping>): Generator<Reference> {
  const { Condition, DependsOn } = value;
  if (Condition !== undefined) yield { path: [...path, "Condition"], kind: "condition", name: textOf(Condition) };
  const after = Array.isArray(DependsOn) ? DependsOn : DependsOn === undefined ? [] : [DependsOn];
  for (const each of after) yield { path: [...path, "DependsOn"], kind: "resource", name: textOf(each) };
}

function* functionReferences(mapping: PlacedValue<Mapping>, inConditions: boolean): Generator<Reference> {
  const { path, value } = mapping;
  if ("Ref" in value) yield { path, kind: "parameter or resource", name: textOf(value.Ref) };
  if (inConditions && "Condition" in value) yield { path, kind: "condition", name: textOf(value.Condition) };
  if ("Fn::If" in value) yield { path, kind: "condition", name: textOf(firstOf(value["Fn::If"])) };
  if ("Fn::FindInMap" in value) yield { path, kind: "mapping", name: textOf(firstOf(value["Fn::FindInMap"])) };
  if ("Fn::GetAtt" in value) {
    const target = value["Fn::GetAtt"];
    const complete = Array.isArray(target) ? target.length === 2 : typeof target === "string" && target.includes(".");
    const first = Array.isArray(target) ? target[0] : String(target).split(".")[0];
    yield { path, kind: "resource", name: complete ? textOf(first) : undefined };
  }
  if ("Fn::Sub" in value) yield* variablesIn(value["Fn::Sub"], path);
}

function* variablesIn(substitution: unknown, path: MapPath): Generator<Reference> {
  const [text, own] = Array.isArray(substitution) ? substitution : [substitution];
  if (typeof text !== "string") yield { path, kind: "parameter or resource", name: undefined };
  const given = isMapping(own) ? Object.keys(own) : [];
  for (const [, variable = ""] of String(text).matchAll(/\$\{([^!}][^}]*)\}/g)) {
    const name = variable.trim();
    if (given.includes(name)) continue;
    const [resource = ""] = name.split(".");
    yield { path, kind: name.includes(".") ? "resource" : "parameter or resource", name: resource };
  }
}

/** Keys that are written out have to be in the mapping; those that depend on the account cannot be told. */
function* keysInMappings(document: TemplateDocument): Generator<RuleFlaw> {
  for (const { path, value } of mappingsIn(document, [])) {
    const asked = value["Fn::FindInMap"];
    if (!Array.isArray(asked)) continue;
    let found: unknown = document.Mappings;
    for (const key of asked) {
      if (typeof key !== "string" || !isMapping(found)) break;
      found = found[key];
      if (found !== undefined || key === asked[0]) continue;
      yield { path, message: `asks a mapping for ${key}, which it does not have`, fix: "add it, or correct the name" };
    }
  }
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
