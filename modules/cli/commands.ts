import type { Command } from "commander";
import type { ExitCode } from "./exit-code";
import type { Terminal } from "./terminal";

/** How a command ends: at once, or, where it waits for others, later. */
export type Finish = (code: ExitCode | Promise<ExitCode>) => void;

type AddCommand = (program: Command, terminal: Terminal, finish: Finish) => void;

/** By name, in the order of the help. Whoever asks for one does not wait until all others are loaded. */
const commands: ReadonlyMap<string, () => AddCommand> = new Map(
  Object.entries({
    validate: () => {
      const { addValidate }: typeof import("./validate") = require("./validate");
      return addValidate;
    },
    synth: () => {
      const { addSynth }: typeof import("./synth") = require("./synth");
      return addSynth;
    },
    check: () => {
      const { addCheck }: typeof import("./check") = require("./check");
      return addCheck;
    },
    explain: () => {
      const { addExplain }: typeof import("./explain") = require("./explain");
      return addExplain;
    },
    affected: () => {
      const { addAffected }: typeof import("./affected") = require("./affected");
      return addAffected;
    },
    review: () => {
      const { addReview }: typeof import("./review") = require("./review");
      return addReview;
    },
    plan: () => {
      const { addPlan }: typeof import("./plan") = require("./plan");
      return addPlan;
    },
    apply: () => {
      const { addApply }: typeof import("./apply") = require("./apply");
      return addApply;
    },
    bootstrap: () => {
      const { addBootstrap }: typeof import("./bootstrap") = require("./bootstrap");
      return addBootstrap;
    },
    drift: () => {
      const { addDrift }: typeof import("./drift") = require("./drift");
      return addDrift;
    },
    instances: () => {
      const { addInstances }: typeof import("./instances") = require("./instances");
      return addInstances;
    },
    pipeline: () => {
      const { addPipeline }: typeof import("./pipeline") = require("./pipeline");
      return addPipeline;
    },
    recover: () => {
      const { addRecover }: typeof import("./recover") = require("./recover");
      return addRecover;
    },
    report: () => {
      const { addReport }: typeof import("./report") = require("./report");
      return addReport;
    },
    schemas: () => {
      const { addSchemas }: typeof import("./schemas") = require("./schemas");
      return addSchemas;
    },
  }),
);

/** The command that a command line asks for; where it asks for none that there is, all of them. */
export function commandsFor([name = ""]: readonly string[]): AddCommand[] {
  const asked = commands.get(name);
  return asked === undefined ? [...commands.values()].map((load) => load()) : [asked()];
}
