/** An organization to measure with: the same for the same number of accounts, whatever the machine. */
export interface BenchOrganization {
  /** The management account, which owns the corporate zone's central keys too. */
  readonly security: BenchAccount;
  readonly teams: readonly BenchTeam[];
}

/** A team runs its five workloads in an account for each environment. */
export interface BenchTeam {
  /** `0042`: part of the names of everything the team has. */
  readonly number: string;
  readonly zone: BenchZone;
  readonly accounts: readonly TeamAccount[];
  /** The zone's team before this one: its analytics role reads this team's reports, in the same environment. */
  readonly readBy: string | undefined;
  /** The zone's team after this one, whose reports this team reads. */
  readonly reads: string | undefined;
  /** A team in fifteen, always of the corporate zone, keeps the group's ledger, with a central key. */
  readonly groupLedger: boolean;
}

export interface BenchAccount {
  readonly name: string;
  readonly id: string;
  /** `Workloads/Prod`. */
  readonly ouPath: string;
}

export interface TeamAccount extends BenchAccount {
  readonly environment: BenchEnvironment;
}

export const benchEnvironments = ["prod", "test", "dev"] as const;
export type BenchEnvironment = (typeof benchEnvironments)[number];
/** corporate is hybrid and has two thirds of the teams; payments is decentralized. */
export type BenchZone = "corporate" | "payments";

/** Keys live in the first and have a replica in the second. */
export const benchRegions = ["us-east-1", "us-west-2"] as const;

const ouOfZone: Readonly<Record<BenchZone, string>> = { corporate: "Workloads", payments: "Regulated" };
const ouOfEnvironment: Readonly<Record<BenchEnvironment, string>> = { prod: "Prod", test: "Test", dev: "Dev" };

export function allAccounts({ security, teams }: BenchOrganization): BenchAccount[] {
  return [security, ...teams.flatMap((team) => team.accounts)];
}

/**
 * One security account and three accounts a team.
 *
 * @param accounts 3 × teams + 1: 10, 100, 1,000, 10,000
 */
export function benchOrganization(accounts: number): BenchOrganization {
  const teams = (accounts - 1) / 3;
  if (!Number.isInteger(teams) || teams < 1) {
    throw new Error(`${accounts} accounts: must be 3 × teams + 1, as 10, 100, 1000 and 10000 are`);
  }
  return {
    security: { name: "security", id: accountId(0), ouPath: "Security" },
    teams: Array.from({ length: teams }, (_, index) => benchTeam(index, teams)),
  };
}

function benchTeam(index: number, teams: number): BenchTeam {
  const number = teamNumber(index);
  const zone = zoneOf(index);
  const before = index - ([2, 1, 3][index % 3] ?? 0);
  const after = index + ([1, 2, 3][index % 3] ?? 0);
  return {
    number,
    zone,
    accounts: benchEnvironments.map((environment, position) => ({
      name: teamAccountName(number, environment),
      id: accountId(1 + index * 3 + position),
      ouPath: `${ouOfZone[zone]}/${ouOfEnvironment[environment]}`,
      environment,
    })),
    readBy: before < 0 ? undefined : teamNumber(before),
    reads: after >= teams ? undefined : teamNumber(after),
    groupLedger: index % 15 === 0,
  };
}

export function teamAccountName(number: string, environment: BenchEnvironment): string {
  return `team-${number}-${environment}`;
}

/** corporate, corporate, payments, and over again. */
function zoneOf(index: number): BenchZone {
  return index % 3 === 2 ? "payments" : "corporate";
}

function teamNumber(index: number): string {
  return String(index).padStart(4, "0");
}

function accountId(index: number): string {
  return String(300_000_000_000 + index);
}
