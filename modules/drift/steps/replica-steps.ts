import { disableKey, scheduleKeyDeletion, updatePrimaryRegion } from "../../aws/kms-commands";
import { shellWord } from "../../findings/shell-word";
import type { Drift } from "../drift";
import { lookAround, unlessEnded } from "./key-steps";
import { adoptLines, applied, applyOf, comment, isTerraforms, keyAt, type StepOf } from "./step-parts";

const WINDOW_DAYS = 30;

export const makeReplica: StepOf = (drift, settings) =>
  isTerraforms(drift)
    ? applied(
        drift,
        settings,
        `find out who deleted it, and apply ${drift.place.stack}, which makes it again; no data is lost, it is readable with the primary. Where AWS says that it exists, import it first: terraform import '${drift.place.address ?? "ADDRESS"}' KEY_ID`,
      )
    : {
        whatToDo:
          "look at the last operations of its StackSet and update the instance in that Region; no data is lost, it is readable with the primary",
        commands: [],
      };

/** A replica can be deleted without a loss for as long as its primary is there. */
const LET_IT_END = "let it end, what it encrypted is readable with the primary";

export const endReplica: StepOf = unlessEnded((drift) => {
  const end = ending(drift);
  return {
    whatToDo:
      "let the map have it (replicas of the workload, and adopt: docs/lifecycle.md#take-over), or end it as the break-glass role: first disabled, and scheduled when nobody misses it. What it encrypted is readable with the primary",
    commands: [
      ...lookAround(drift),
      ...(drift.subject?.key === undefined ? [] : adoptReplicaLines(drift)),
      ...(end.length === 0 ? [] : [comment("or, as the break-glass role:"), ...end.map(comment)]),
    ],
  };
}, LET_IT_END);

export const endForbiddenReplica: StepOf = unlessEnded(
  (drift) => ({
    whatToDo:
      "disable it and schedule its deletion, as the break-glass role: nothing of the zone's keys may be in that Region. What it encrypted is readable with the primary; find out in CloudTrail who made it (ReplicateKey) and why the guardrails let it",
    commands: [...ending(drift), ...lookAround(drift)],
  }),
  LET_IT_END,
);

export const movePrimaryBack: StepOf = (drift, settings) => {
  const { key, reviewedKey } = drift.subject ?? {};
  const wanted = reviewedKey?.region;
  const region = key?.multiRegion?.primaryRegion;
  const commands =
    key === undefined || region === undefined || wanted === undefined || wanted === region
      ? []
      : [
          updatePrimaryRegion(
            { region: shellWord(region), alias: "", keyId: shellWord(inRegion(key.arn, region)) },
            shellWord(wanted),
          ),
          comment("when both Regions say Enabled again, what the move has left:"),
          ...applyOf(drift, settings).map(comment),
        ];
  return {
    whatToDo: `move the primary back to ${wanted ?? "its Region"} as the break-glass role: rotation, and replicas, are the primary's, and no apply moves it`,
    commands,
  };
};

function inRegion(arn: string, region: string): string {
  const [start = "", partition = "", service = "", , ...rest] = arn.split(":");
  return [start, partition, service, region, ...rest].join(":");
}

function ending(drift: Drift): string[] {
  const at = keyAt(drift);
  return at === undefined ? [] : [disableKey(at), scheduleKeyDeletion(at, WINDOW_DAYS)];
}

function adoptReplicaLines(drift: Drift): string[] {
  const keyId = drift.subject?.key?.keyId ?? "KEY_ID";
  const region = drift.place.region ?? "REGION";
  return adoptLines(drift, keyId, []).map((line) => line.replace(/\}$/, () => `, replicas: [${region}]}`));
}
