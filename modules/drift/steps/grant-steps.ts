import { orgkeysCommand } from "../../findings/orgkeys-command";
import type { Drift } from "../drift";
import type { NextStep } from "../next-step";
import { applied, applyOf, awsCommand, regionWords, type StepOf } from "./step-parts";

export const makeGrant: StepOf = (drift, settings) =>
  applied(
    drift,
    settings,
    `find out who revoked or retired it, and apply ${drift.place.stack ?? "the stack that makes it"}, which makes it again; AWS refuses it while the key is not enabled`,
  );

export const revoke: StepOf = (drift) => ({
  whatToDo:
    "revoke it as an administrator of the key, which ends its access within minutes; who is meant to have it belongs under grants of the workload in the map",
  commands: revocation(drift),
});

/** Two grants of one name are possible: Terraform would only ever see its own. */
export const remakeGrant: StepOf = (drift, settings) => ({
  whatToDo: `revoke it as an administrator of the key, and apply ${drift.place.stack ?? "the stack that makes it"}, which makes the reviewed one`,
  commands: [...revocation(drift), ...applyOf(drift, settings)],
});

export const endGrant: StepOf = (drift, settings): NextStep => {
  const { stack } = drift.place;
  const synth = `${orgkeysCommand(["synth"], settings)} --today "$(date -u +%F)"`;
  const commands = stack === undefined ? [] : [synth, ...applyOf(drift, settings)];
  return {
    whatToDo:
      "synthesize for today and apply, which revokes it, or move its day in the map; at once it ends by revoking it as an administrator of the key",
    commands: [...revocation(drift), ...commands],
  };
};

function revocation({ subject, place }: Drift): string[] {
  const { key, grant } = subject ?? {};
  if (key === undefined || grant === undefined) return [];
  return [awsCommand("kms", "revoke-grant", "--key-id", key.arn, "--grant-id", grant.id, ...regionWords(place))];
}
