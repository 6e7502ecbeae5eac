import { create } from "handlebars";
import { nameOrder } from "../aws/name-order";
import { codebuildFiles } from "./codebuild-files";
import { githubFiles } from "./github-files";
import { gitlabFiles } from "./gitlab-files";
import { pinnedActions, pinnedTerraform, pinnedUse } from "./pinned-tools";
import type { PipelineHost, PipelinePlan } from "./pipeline-plan";
import { type PipelineSettings, pipelineCommand } from "./pipeline-settings";
import { checkedWord, expressionText, json, plain, yamlText } from "./template-helpers";
import { headerOf } from "./written-by-orgkeys";

/** One file of a pipeline. */
export interface PipelineFile {
  /** Below the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** What a host's files are made of. */
export interface HostFiles {
  /** A template with its data, for each file. */
  readonly rendered: readonly { readonly path: string; readonly template: string; readonly data: object }[];
  /** Policies of roles, by path. */
  readonly policies: readonly { readonly path: string; readonly policy: object }[];
}

/** By name without `.hbs`: `github/orgkeys-apply.yml`, `build-output.sh`. */
export type PipelineTemplates = ReadonlyMap<string, string>;

const filesOf: Readonly<Record<PipelineHost, (plan: PipelinePlan, settings: PipelineSettings) => HostFiles>> = {
  github: githubFiles,
  gitlab: gitlabFiles,
  codebuild: codebuildFiles,
};

/** The Node.js that jobs run. */
const NODE_VERSION = "22";

/**
 * All files of a pipeline, by path.
 *
 * @throws Error for a value that could be taken for an expression or for something of YAML's or a shell's own
 */
export function renderPipeline(
  plan: PipelinePlan,
  settings: PipelineSettings,
  templates: PipelineTemplates,
): PipelineFile[] {
  const handlebars = create();
  handlebars.registerHelper({
    plain,
    text: yamlText,
    word: checkedWord,
    quoted: expressionText,
    json,
    plainLine: (line: string) => line,
    words: (words: readonly string[]) => words.map((word) => ` ${checkedWord(word)}`).join(""),
    patterns: (words: readonly string[]) => words.map(checkedWord).join(" | "),
    use: (name: keyof typeof pinnedActions) => pinnedUse(pinnedActions[name]),
  });
  for (const [name, text] of templates) {
    if (name.endsWith(".sh")) handlebars.registerPartial(name.slice(0, -".sh".length), text);
  }
  const command = pipelineCommand(settings);
  const { rendered, policies } = filesOf[settings.host](plan, settings);
  const common = {
    header: headerOf(command),
    command,
    branch: settings.branch,
    remoteBranch: `origin/${settings.branch}`,
    committed: settings.committed,
    config: settings.config === "config" ? [] : ["--config", settings.config],
    node: NODE_VERSION,
    terraform: pinnedTerraform,
  };
  const files = rendered.map(({ path, template, data }) => {
    const render = handlebars.compile(templates.get(template) ?? "", { strict: true, noEscape: true });
    return { path, text: render({ ...common, ...data }) };
  });
  const documents = policies.map(({ path, policy }) => ({ path, text: `${JSON.stringify(policy, null, 2)}\n` }));
  return [...files, ...documents].sort((a, b) => nameOrder(a.path, b.path));
}
