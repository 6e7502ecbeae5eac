import { guardrailKinds } from "../access/guardrail-kinds";
import { actionsText } from "../access/key-actions";
import type { Place, Statement } from "../access/policy-statement";
import { statementDetail } from "../access/statement-detail";
import type { SynthesizedStack } from "../access/synthesized-stack";
import type { ZoneBoundary } from "../access/zone-boundary";
import { type ControlPolicyKind, hasControlPolicies } from "../aws/organizations";
import { type DeniedRight, deniedRights } from "./evidence/denied-rights";
import { type Hole, holesOf } from "./evidence/deny-holes";
import { type WantedDenial, wantedDenials } from "./evidence/guardrail-denials";
import {
  type AttachedGuardrails,
  attachedGuardrails,
  type GuardedPart,
  guardedParts,
  type PlacedGuardrail,
  representativeAccounts,
} from "./evidence/guardrail-reach";
import { rightsIn } from "./evidence/guardrail-rights";
import type { Check, CheckedOutput, Violation } from "./frame/check";

/**
 * What guardrails say, held against what the map wants of them, as if every key policy and IAM policy allowed everything.
 * Not part of the proof: key policies alone already keep zones apart, and the map may switch each guardrail off.
 */
export const check: Check = {
  id: "guardrails-in-place",
  kind: "hygiene",
  severity: "high",
  requirement:
    "The guardrails that the map asks for are attached to all of the zone, deny all that they have to, and nothing that the zone lives on.",
  reason:
    "A guardrail holds when somebody edits a key policy by hand; one with a hole is taken for a wall that is not there.",
  fix: "let orgkeys synth write the zone's guardrail stack anew, or switch the guardrail off in zones.yaml",
  inOutput: (output) => {
    const attached = attachedGuardrails(output.index.stacks);
    return output.zones.all.flatMap((zone) => new ZoneGuardrails(zone, attached, output).violations());
  },
};

const kinds: readonly ControlPolicyKind[] = ["resource-control", "service-control"];

/** The guardrails that reach one zone. */
class ZoneGuardrails {
  readonly #zone: ZoneBoundary;
  readonly #attached: AttachedGuardrails;
  readonly #output: CheckedOutput;
  /** The zone's own guardrail stack. */
  readonly #stack: SynthesizedStack | undefined;

  constructor(zone: ZoneBoundary, attached: AttachedGuardrails, output: CheckedOutput) {
    this.#zone = zone;
    this.#attached = attached;
    this.#output = output;
    this.#stack = output.index.stacks.find(
      ({ metadata }) => metadata.kind === "guardrails" && metadata.zone === zone.name,
    );
  }

  violations(): readonly Violation[] {
    const wanted = kinds
      .filter((kind) => hasControlPolicies(this.#zone.partition, kind))
      .map((kind) => ({ kind, denials: wantedDenials(this.#zone, kind, this.#output.zones) }))
      .filter(({ denials }) => denials.length > 0)
      .map(({ kind, denials }) => ({
        kind,
        denials,
        parts: guardedParts(this.#zone, kind, this.#attached, this.#output.index),
      }));
    const targets = wanted.flatMap(({ parts }) => parts.flatMap((part) => part.targets));
    if (targets.length === 0) return [];
    const none = wanted.every(({ parts }) => parts.every((part) => part.guardrails.length === 0));
    if (none && this.#stack === undefined) return [this.#nothing(wanted.map(({ kind }) => guardrailKinds[kind]))];
    return unique(
      wanted.flatMap(({ kind, denials, parts }) => [
        ...this.#unattached(kind, parts),
        ...parts.flatMap((part) => this.#inPart(kind, denials, part)),
      ]),
    );
  }

  #nothing(policies: readonly string[]): Violation {
    const { name } = this.#zone;
    return {
      stack: undefined,
      address: undefined,
      detail: [`zone ${name}`],
      why: `no stack has guardrails for zone ${name}, and the map asks for a ${policies.join(" and a ")}`,
      place: undefined,
      sources: [`zones.yaml ${name}`],
    };
  }

  /** One violation for each target, or for all of them together. */
  #unattached(kind: ControlPolicyKind, parts: readonly GuardedPart[]): readonly Violation[] {
    const all = parts.flatMap((part) => part.targets);
    const bare = parts.filter((part) => part.guardrails.length === 0).flatMap((part) => part.targets);
    if (bare.length === 0) return [];
    const everywhere = bare.length === all.length && all.length > 1;
    return (everywhere ? [`all of zone ${this.#zone.name}`] : bare.map(({ name }) => name)).map((name) => ({
      stack: this.#stack,
      address: undefined,
      detail: [guardrailKinds[kind], "on", name],
      why: `no ${guardrailKinds[kind]} reaches ${name}, and zones.yaml asks for one`,
      place: this.#stack === undefined ? undefined : { document: this.#stack.name, path: "" },
      sources: [`zones.yaml ${this.#zone.name}`],
    }));
  }

  #inPart(kind: ControlPolicyKind, denials: readonly WantedDenial[], part: GuardedPart): readonly Violation[] {
    if (part.guardrails.length === 0) return [];
    const unreadable = part.guardrails.filter(({ guardrail }) => guardrail.policy?.understood !== true);
    if (unreadable.length > 0) return unreadable.map((placed) => this.#unreadable(placed));
    return [...denials.flatMap((wanted) => this.#missing(wanted, part)), ...this.#overreaching(kind, part)];
  }

  #unreadable({ stack, guardrail }: PlacedGuardrail): Violation {
    return {
      stack,
      address: guardrail.address,
      detail: ["policy"],
      why: `reaches zone ${this.#zone.name}, and cannot be read: nobody can tell what it denies`,
      place: placeOf(guardrail.policy ?? guardrail),
      fix: "give it a policy that can be read, as synthesis writes it",
    };
  }

  /** What the guardrails let pass although they have to deny it. */
  #missing(wanted: WantedDenial, part: GuardedPart): readonly Violation[] {
    const missing = new Map<string, { gap: Gap; actions: string[] }>();
    for (const action of wanted.actions) {
      for (const gap of gaps(wanted, action, part.guardrails)) {
        const { document, path } = gap.by?.statement ?? {};
        const name = [document, path, gap.hole?.detail, gap.hole?.whom].join("\n");
        const known = missing.get(name);
        if (known === undefined) missing.set(name, { gap, actions: [action] });
        else known.actions.push(action);
      }
    }
    return [...missing.values()].map(({ gap: { by, hole }, actions }) => {
      const isAll = actions.length === wanted.actions.length;
      const what = (isAll ? wanted.everything : undefined) ?? actionsText(actions);
      const because = hole?.because === undefined ? "" : `: ${hole.because}`;
      return {
        ...this.#whereMissing(by, part),
        detail: [
          ...(by === undefined ? [] : [statementDetail(by.statement, statementsOf(by.placed))]),
          ...wanted.subject,
          ...(by === undefined && this.#own(part) === undefined ? ["on", this.#nameOf(part)] : []),
          ...(hole === undefined ? [] : [hole.detail]),
          ...(isAll ? [] : [actionsText(actions)]),
        ],
        why: `does not surely deny ${what} ${wanted.to(hole?.whom ?? wanted.everybody)}${because}`,
      };
    });
  }

  #whereMissing(by: Gap["by"], part: GuardedPart): Pick<Violation, "stack" | "address" | "place"> {
    if (by !== undefined) {
      return { stack: by.placed.stack, address: by.placed.guardrail.address, place: placeOf(by.statement) };
    }
    const own = this.#own(part);
    if (own === undefined)
      return { stack: this.#stack ?? part.guardrails[0]?.stack, address: undefined, place: undefined };
    return { stack: own.stack, address: own.guardrail.address, place: placeOf(own.guardrail.policy ?? own.guardrail) };
  }

  /** The guardrail of the zone's own stack. */
  #own({ guardrails }: GuardedPart): PlacedGuardrail | undefined {
    return guardrails.find(({ stack }) => stack === this.#stack);
  }

  #nameOf({ targets, accounts }: GuardedPart): string {
    const names =
      targets.length > 0 ? targets.map(({ name }) => name) : accounts.map((id) => this.#output.zones.describe(id));
    return names.length > 1 ? `${names[0]} and ${names.length - 1} more` : names.join("");
  }

  /** What the guardrails deny, or may deny, although the zone lives on it. */
  #overreaching(kind: ControlPolicyKind, { guardrails, accounts }: GuardedPart): readonly Violation[] {
    const { places } = this.#output.index;
    const policies = guardrails.flatMap(({ guardrail }) => guardrail.policy ?? []);
    const active = [...this.#zone.accounts.keys()].filter((id) => !this.#zone.inactiveAccounts.has(id));
    const [reached, all] = [accounts, active].map((ids) => representativeAccounts(ids, places, policies));
    const byHand = accounts.filter((id) => this.#zone.rolesByHand?.has(id));
    const rights = rightsIn(this.#zone, kind, [...new Set([...(reached ?? []), ...byHand])], all ?? [], places);
    return guardrails.flatMap((placed) =>
      statementsOf(placed)
        .filter(({ effect }) => effect === "Deny")
        .flatMap((statement) =>
          deniedRights(statement, rights).map((denial) => this.#denies(placed, statement, denial)),
        ),
    );
  }

  #denies({ stack, guardrail }: PlacedGuardrail, statement: Statement, denial: DeniedRight): Violation {
    const [first = "", ...more] = denial.who;
    const who = more.length === 0 ? first : `${first} and ${more.length} more`;
    return {
      stack,
      address: guardrail.address,
      detail: [statementDetail(statement, guardrail.policy?.statements ?? []), "denies", denial.right],
      why: `${denial.certain ? "denies" : "may deny"} ${actionsText(denial.actions)} to ${who}, which zone ${this.#zone.name} lives on`,
      place: placeOf(statement),
      fix: "let the statement spare them, or take it off the zone's OUs and accounts",
    };
  }
}

/** Something that nothing surely denies. */
interface Gap {
  /** The statement that comes closest; undefined when none is about it at all. */
  readonly by: { readonly placed: PlacedGuardrail; readonly statement: Statement } | undefined;
  readonly hole: Hole | undefined;
}

function gaps(wanted: WantedDenial, action: string, guardrails: readonly PlacedGuardrail[]): readonly Gap[] {
  let closest: { readonly by: Gap["by"]; readonly holes: readonly Hole[] } | undefined;
  for (const placed of guardrails) {
    for (const statement of statementsOf(placed)) {
      const holes = holesOf(statement, action, wanted);
      if (holes !== undefined && holes.length < (closest?.holes.length ?? Number.POSITIVE_INFINITY)) {
        closest = { by: { placed, statement }, holes };
      }
    }
  }
  if (closest === undefined) return [{ by: undefined, hole: undefined }];
  const { by, holes } = closest;
  return holes.map((hole) => ({ by, hole }));
}

function placeOf({ document, path }: Place): Place {
  return { document, path };
}

function statementsOf({ guardrail }: PlacedGuardrail): readonly Statement[] {
  return guardrail.policy?.statements ?? [];
}

/** The same guardrail reaches several parts of a zone, and is found once. */
function unique(violations: readonly Violation[]): readonly Violation[] {
  const found = new Map<string, Violation>();
  for (const violation of violations) {
    const { stack, address, detail, why } = violation;
    found.set([stack?.name, address, ...detail, why].join("\n"), violation);
  }
  return [...found.values()];
}
