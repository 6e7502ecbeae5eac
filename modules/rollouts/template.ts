/** A CloudFormation template as JSON: every intrinsic function in its long form, as `{"Fn::Sub": "…"}`. */
export interface TemplateDocument {
  readonly [section: string]: unknown;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

/** A template that is ready to be put into a StackSet, or into a stack of Terraform's own. */
export interface RenderedTemplate {
  /** As people read it: YAML with comments, whatever has been taken out of the document for some accounts. */
  readonly text: string;
  readonly document: TemplateDocument;
  /** What every stack of it is given; each parameter of the document has a value here. */
  readonly parameters: Readonly<Record<string, string>>;
  /** `CAPABILITY_NAMED_IAM` where it makes roles or policies; sorted. */
  readonly capabilities: readonly string[];
  /** Everything with a name that an account, or a Region of it, has once. */
  readonly creates: readonly CreatedName[];
}

export interface CreatedName {
  /** `AWS::IAM::Role` */
  readonly type: string;
  /** `OrgKeysDeploy`, the text of an `Fn::Sub`, or another intrinsic function as JSON text. */
  readonly name: string;
  /** Whether there is one in an account, or one in each of its Regions. */
  readonly per: "account" | "region";
}

export interface MadeResource {
  /** `AWS::KMS::Key` */
  readonly type: string;
  readonly logicalId: string;
  /** As in `CreatedName`; undefined where CloudFormation chooses, or there is none. */
  readonly name?: string;
}

/** What is wrong with a template: where in its text, as far as that can be told, and how to mend it. */
export interface TemplateFlaw {
  /** 1-based; undefined for the template as a whole. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** `Resources.Key.Properties.KeyPolicy`; empty for the template as a whole. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
  /** The same as whoever gives a parameter its value sees it; undefined where the template is to be mended. */
  readonly given?: { readonly parameter: string; readonly message: string; readonly fix: string } | undefined;
}
