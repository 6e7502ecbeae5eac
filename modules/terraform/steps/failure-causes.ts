/** What is known of a failure besides Terraform's words. */
export interface FailurePlace {
  /** `terraform`, as it is started. */
  readonly program: string;
  readonly stack: string;
  /** The stack's folder. */
  readonly directory: string;
  /** The resource, or the provider, that the diagnostic is about. */
  readonly address: string | undefined;
}

export type FoundText = Readonly<Record<string, string | undefined>>;

export interface FailureCause {
  readonly cause: string;
  /** Found in the summary, a line feed and the detail of a diagnostic. */
  readonly pattern: RegExp;
  /** Where the address is of another kind, the pattern does not count. */
  readonly address?: RegExp;
  /** @param found The named groups of the pattern, trimmed; what is not there is `undefined`. */
  readonly whatToDo: (place: FailurePlace, found: FoundText) => string;
  /** Whether waiting helps. @default false */
  readonly transient?: true;
  /** Whether AWS may have done what was asked for all the same. @default false */
  readonly unsure?: true;
}

const RESUME = "then go on with --resume";

/**
 * What Terraform, its backends and the AWS provider say, and what it comes down to. The first that fits counts: what is special comes
 * before what is general, and what a message quotes before what it says of it. Each is held by a real message in
 * `test/fixtures/terraform-logs`, or by one from the source that is named.
 */
export const failureCauses: readonly FailureCause[] = [
  {
    cause: "state-not-written",
    // https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/local/backend_apply.go
    pattern: /Failed to (?:save|persist|write) state|errored\.tfstate|Failed to create local state file/,
    whatToDo: ({ program, directory }) =>
      `AWS has changes that the state has not: run nothing else on this stack before its state is saved with \`${program} -chdir=${directory} state push errored.tfstate\`; where that file is empty or not there, its content is the \`state\` of the line \`Emergency state dump\` in apply.log`,
    unsure: true,
  },
  {
    cause: "disk-full",
    pattern: /no space left on device|disk quota exceeded|file too large/i,
    whatToDo: () => `make room where the run folder, the output and the temporary files are, ${RESUME}`,
    unsure: true,
  },
  {
    cause: "provider-crashed",
    pattern:
      /Plugin did not respond|plugin crashed|plugin process exited|Unrecognized remote plugin message|Failed to instantiate provider|transport is closing|connection is shutting down/i,
    whatToDo: () =>
      `see whether the machine has memory for fewer providers at once (--concurrency; each takes 600 MB), ${RESUME}; when it comes again, look for the crash in the provider's issues`,
    unsure: true,
  },
  {
    cause: "state-locked",
    pattern:
      /Error acquiring the state lock[\s\S]*Lock Info:\s+ID:\s*(?<id>\S+)[\s\S]*?Operation:\s*(?<operation>\S*)[\s\S]*?Who:\s*(?<who>[^\n]*)[\s\S]*?Created:\s*(?<created>[^\n]*)/,
    whatToDo: ({ program, directory }, { id, operation, who, created }) =>
      `${who || "somebody"} holds the state since ${created || "a time that is not told"}${operation ? ` (${operation})` : ""}: wait for its end, ${RESUME}; only when nothing runs there any more, free it with \`${program} -chdir=${directory} force-unlock ${id}\``,
    transient: true,
  },
  {
    cause: "lock-not-released",
    pattern:
      /Error releasing the state lock[\s\S]*?(?:Lock ID:\s*|lock ID "?)(?<id>[0-9a-f-]{36})|Error releasing the state lock/,
    whatToDo: ({ program, directory }, { id = "ID" }) =>
      `the state is written and still locked: when nothing else runs there, free it with \`${program} -chdir=${directory} force-unlock ${id}\``,
  },
  {
    cause: "backend-changed",
    pattern: /Backend configuration (?:block has )?changed|backend type changed|change in the backend/i,
    whatToDo: ({ program, directory }) =>
      `the stack's state is to be elsewhere than before: when that is meant, move it with \`${program} -chdir=${directory} init -migrate-state\`; never with -reconfigure, which leaves its keys without a state`,
  },
  {
    cause: "stale-plan",
    pattern: /Saved plan is stale|Saved plan does not match the given state|different lineage/,
    whatToDo: () => "somebody changed the state after the plan: plan it again, with --resume or a new run",
  },
  {
    cause: "plan-unreadable",
    pattern: /Failed to (?:read|load) .*plan file|Invalid plan file|plan file was created by/i,
    whatToDo: () => "plan it again, with the same version of the tool",
  },
  {
    cause: "not-initialized",
    pattern:
      /Inconsistent dependency lock file|Required plugins are not installed|Module not installed|Backend initialization required/,
    whatToDo: () => "its `init` is not of this JSON: go on with --resume, which begins with it",
  },
  {
    cause: "checksum-mismatch",
    pattern:
      /(?:doesn't|does not|don't|did not) match (?:any of )?the checksums|checksums? (?:previously )?recorded|checksum (?:mismatch|list)/i,
    whatToDo: ({ directory }) =>
      `the provider is not the one of ${directory}/.terraform.lock.hcl: find out where it comes from before anything else; when the lock file is from another platform or version, remove it`,
  },
  {
    cause: "registry-unreachable",
    pattern:
      /could not connect to |failed to request discovery document|Error while installing [\s\S]*(?:dial tcp|could not query|timeout|connection)|Failed to install provider[\s\S]*(?:dial tcp|timeout|connection)/i,
    whatToDo: () =>
      `look after the network and the proxy, or name a mirror in the CLI configuration (provider_installation), ${RESUME}`,
  },
  {
    cause: "provider-missing",
    pattern:
      /Failed to query available provider packages|Failed to install provider|provider registry\S* does not have a provider|Missing required provider/i,
    whatToDo: () =>
      "put the provider into the mirror or the plugin cache that the CLI configuration names, or let it be downloaded",
  },
  {
    cause: "credentials-expired",
    pattern:
      /ExpiredToken|RequestExpired|(?:token|session|credentials?)[^.\n]{0,60}(?:has|have|is|are) expired|InvalidGrantException/i,
    whatToDo: () => `sign in again, ${RESUME}`,
  },
  {
    cause: "credentials-invalid",
    pattern:
      /InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidAccessKeyId|InvalidSignatureException/,
    whatToDo: () =>
      `AWS does not know these credentials: look at AWS_PROFILE, AWS_ACCESS_KEY_ID and the machine's clock, ${RESUME}`,
  },
  {
    cause: "no-credentials",
    pattern:
      /No valid credential sources|no EC2 IMDS role found|NoCredentialProviders|failed to (?:refresh cached|retrieve) credentials|failed to get shared config profile/i,
    whatToDo: () =>
      `sign in to AWS in this shell (AWS_PROFILE, or what \`aws sts get-caller-identity\` takes), ${RESUME}`,
  },
  {
    cause: "throttled",
    pattern:
      /Throttl|Rate exceeded|TooManyRequests|Too many requests|RequestLimitExceeded|SlowDown|PriorRequestNotComplete/i,
    whatToDo: () => `go on with --resume after some minutes, with a lower --concurrency`,
    transient: true,
  },
  {
    cause: "endpoint-unreachable",
    pattern:
      /request send failed|dial tcp|no such host|connection re(?:fused|set)|i\/o timeout|TLS handshake|use of closed network connection|StatusCode: 0,|StatusCode: 50\d|InternalFailure|InternalError|KMSInternalException|ServiceUnavailable/i,
    whatToDo: () => `look after the network, the proxy and the state of the AWS service, ${RESUME}`,
    unsure: true,
  },
  {
    cause: "wrong-account",
    pattern: /AWS account ID not allowed: (?<account>\d{12})/,
    whatToDo: (_, { account }) =>
      `the credentials lead to account ${account}, and the stack is another account's: look at the deploy role in the map, and at AWS_PROFILE`,
  },
  {
    cause: "role-not-assumed",
    pattern:
      /Cannot assume IAM Role[\s\S]*?IAM Role \((?<role>[^)\s]+)\)(?:[\s\S]*?User: (?<principal>\S+) is not authorized)?/i,
    whatToDo: (_, { role, principal }) =>
      `${role} has to be there, and trust ${principal ?? "whoever runs this"}: apply the zone's access-roles rollout, or see \`orgkeys bootstrap\`; and ${principal ?? "the caller"} needs sts:AssumeRole on it`,
  },
  {
    cause: "state-unreadable",
    pattern:
      /Failed to (?:load|refresh|get existing|read) (?:state|workspaces|the state)|Error (?:loading|refreshing|inspecting|acquiring the) state|state (?:file|snapshot|data)[^.\n]*(?:could not|corrupt|does not|was created by)|NoSuchBucket|S3 bucket "[^"]*" does not exist|Unable to access object "[^"]*" in S3/i,
    whatToDo: ({ program, directory }) =>
      `without its state a stack's keys would be made a second time: look at the backend in the stack's JSON and at who may read it, and see that \`${program} -chdir=${directory} state list\` answers`,
  },
  {
    cause: "replica-exists",
    pattern: /AlreadyExists|already exists|timeout while waiting|couldn't find resource/i,
    address: /aws_kms_replica_key/,
    // https://github.com/hashicorp/terraform-provider-aws/issues/49491
    whatToDo: ({ program, directory, address }) =>
      `the provider waits 2 minutes for a replica, and AWS may take longer: when it is there, take it into the state with \`${program} -chdir=${directory} import '${address}' mrk-…\` (the primary's key id), ${RESUME}`,
    unsure: true,
  },
  {
    cause: "pending-deletion",
    pattern: /(?:is )?pending (?:replica )?deletion|PendingDeletion|PendingReplicaDeletion/i,
    whatToDo: () =>
      "the key waits for its deletion: whoever ordered it cancels it (`aws kms cancel-key-deletion`, then `enable-key`), or the map lets go of it",
  },
  {
    cause: "policy-malformed",
    pattern:
      /(?:MalformedPolicyDocument(?:Exception)?|invalid principal)(?:[\s\S]*?invalid principals?(?: in policy)?: (?<named>[^\n]+))?/i,
    whatToDo: (_, { named }) =>
      `${named ? `${named} does` : "a principal of the policy may"} not exist: make it first, or give it \`status: pending\` in the map; AWS takes no policy that names who is not there`,
  },
  {
    cause: "already-in-state",
    pattern: /Resource already managed by/,
    whatToDo: () => "the state has it already: plan the stack again and see what is left",
  },
  {
    cause: "not-there",
    // https://github.com/hashicorp/terraform/blob/v1.11.4/internal/terraform/node_resource_import.go
    pattern: /Cannot import non-existent remote object/,
    whatToDo: ({ address }) => `AWS has no ${address ?? "such resource"}: see the id that was imported`,
  },
  {
    cause: "already-exists",
    pattern: /DuplicatePolicyException/,
    address: /aws_organizations_policy\./,
    // https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html
    whatToDo: ({ program, directory, address }) =>
      `a policy of this name is there and not in this stack's state: find its id and its tags (\`aws organizations list-policies --filter SERVICE_CONTROL_POLICY\`, or RESOURCE_CONTROL_POLICY); when they and its content are this stack's, take it in with \`${program} -chdir=${directory} import '${address}' p-ID\`, ${RESUME}`,
    unsure: true,
  },
  {
    cause: "already-exists",
    pattern: /AlreadyExists|already exists/i,
    whatToDo: ({ program, directory, address }) =>
      `it is there and not in this stack's state: --resume takes in what is exactly as planned, where its id is known; else find out who made it, and when it is this stack's, take it in with \`${program} -chdir=${directory} import '${address ?? "ADDRESS"}' ID\``,
    // The provider repeats a request whose answer is lost on its way, and then finds what it has made itself.
    unsure: true,
  },
  {
    cause: "limit-exceeded",
    pattern: /LimitExceeded|ServiceQuotaExceeded|quota/i,
    whatToDo: () => `ask AWS for a higher quota (Service Quotas), or have fewer, ${RESUME}`,
  },
  {
    cause: "access-denied",
    pattern:
      /User: (?<principal>\S+) is not authorized to perform: (?<action>[\w:*-]+)(?: on resource: (?<resource>[^\s,]+))?/,
    whatToDo: (_, { principal, action, resource }) =>
      `${principal} needs ${action}${resource ? ` on ${resource}` : ""}: see the access-roles rollout, the key's policy and the guardrails of the zone`,
  },
  {
    cause: "access-denied",
    pattern: /AccessDenied|UnauthorizedOperation|StatusCode: 403/,
    whatToDo: () => "see the access-roles rollout, the key's policy and the guardrails of the zone",
  },
  {
    cause: "key-not-found",
    pattern: /NotFoundException|couldn't find resource|empty result|no matching KMS/i,
    address: /aws_kms_(?:key|alias|external_key|replica_key|grant)|data\.aws_kms/,
    whatToDo: ({ address }) =>
      `${address} looks for a key that is not there: apply the stack that owns it first (\`orgkeys plan --dry-run\` names it), or look whether its alias has been taken away`,
  },
  {
    cause: "prevent-destroy",
    pattern: /(?:Resource (?<resource>\S+) has )?lifecycle\.prevent_destroy/,
    whatToDo: ({ program, directory }, { resource = "a key" }) =>
      `the plan would destroy ${resource}, and nothing was changed: see what changed in the map; where an apply that was cut left it tainted, look at it in AWS and take the mark away with \`${program} -chdir=${directory} untaint '${resource}'\``,
  },
  {
    cause: "plan-inconsistent",
    pattern: /Provider produced (?:inconsistent|invalid|unexpected)/,
    whatToDo: () =>
      `plan it again with --resume and look at the resource in AWS; when it comes again, it is a bug of the provider`,
    unsure: true,
  },
  {
    cause: "timeout",
    pattern: /timeout while waiting|context deadline exceeded|timed out/i,
    whatToDo: () => `it may have happened by now: plan it again with --resume and see what is left`,
    unsure: true,
  },
  {
    cause: "provider-gone",
    // https://github.com/hashicorp/terraform/blob/v1.11.4/internal/terraform/transform_provider.go
    pattern: /Provider configuration not present/,
    whatToDo: ({ program, directory, address }) =>
      `${address ?? "a resource"} is in the state, and the JSON has neither it nor a provider for its Region or role any more: put it back into the map, and let it end in the steps of docs/lifecycle.md#end while the Region stays; what has left AWS already leaves the state with \`${program} -chdir=${directory} state rm '${address ?? "ADDRESS"}'\`; never to be rid of a key that is still there`,
  },
  {
    cause: "configuration-invalid",
    pattern:
      /^(?:Invalid|Unsupported|Missing|Duplicate|Reference to undeclared|Unresolvable|Incorrect|Error in function call|No value for required variable|Unreadable|Failed to read|Argument or block|Extraneous|Variables not allowed|Cycle)|Unsupported Terraform Core version|Unsupported OpenTofu Core version/,
    whatToDo: () => "the stack's JSON does not hold: synthesize it again, and see `orgkeys check`",
  },
];
