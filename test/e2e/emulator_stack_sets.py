"""Service-managed CloudFormation StackSets for the emulator, in place of moto's.

moto reaches one level of OUs, the management account and suspended accounts, knows no filters, no automatic deployment
and no delegated administrator, and updates nothing. Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
stacksets-orgs-associate-stackset-with-org.html, stacksets-orgs-manage-auto-deployment.html, and the API reference.
"""

import threading

from emulator_stacks import Stack, answer, check_template, given_parameters, in_background, stacks_in
from moto.cloudformation.exceptions import CloudFormationError, StackSetNotEmpty, StackSetNotFoundException, ValidationError
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random
from moto.organizations.models import FakeDelegatedAdministrator, OrganizationsBackend, organizations_backends
from moto.organizations.responses import OrganizationsResponse
from moto.utilities.utils import get_partition

STACK_SETS_PRINCIPAL = "member.org.stacksets.cloudformation.amazonaws.com"
# The role that CloudFormation makes in every member account, with the same name in all of an organization.
EXECUTION_ROLE = "stacksets-exec-0123456789abcdef0123456789abcdef"

# AWS: StackSets can be delegated. moto: does not know the service.
FakeDelegatedAdministrator.SUPPORTED_SERVICES.append(STACK_SETS_PRINCIPAL)


class InstanceNotFound(CloudFormationError):
    code = "StackInstanceNotFoundException"


class NameTaken(CloudFormationError):
    code = "NameAlreadyExistsException"


class OperationInProgress(CloudFormationError):
    code = "OperationInProgressException"


def management_account(account, partition):
    return organizations_backends.master_accounts.get(account, (account, partition))[0]


def administers(account, management, partition):
    admins = organizations_backends[management][partition].admins
    return any(one.account.id == account and STACK_SETS_PRINCIPAL in one.services for one in admins)


# AWS: a delegated administrator reads the organization. moto: shows it an empty one.
def organization_of(response):
    account, partition = response.current_account, response.partition
    management = management_account(account, partition)
    return organizations_backends[management if administers(account, management, partition) else account][partition]


OrganizationsResponse.organizations_backend = property(organization_of)


class Instance:
    def __init__(self, stack, ou):
        self.stack, self.ou, self.status, self.detailed, self.reason = stack, ou, "OUTDATED", "PENDING", ""

    def deploy(self, text, parameters):
        done = self.stack.deploy(text, parameters)
        self.status, self.detailed = ("CURRENT", "SUCCEEDED") if done else ("OUTDATED", "FAILED")
        self.reason = "" if done else self.stack.reason
        return done


class StackSet:
    def __init__(self, management, region, name):
        self.management, self.region, self.name = management, region, name
        self.id = f"{name}:{mock_random.uuid4()}"
        self.arn = f"arn:{get_partition(region)}:cloudformation:{region}:{management}:stackset/{self.id}"
        self.text, self.parameters, self.tags, self.capabilities = "", {}, [], []
        self.settings, self.instances, self.operations = {}, {}, {}
        # OUs and Regions that instances were asked for.
        self.deployments = []
        self.work = threading.Lock()

    @property
    def organization(self):
        return organizations_backends[self.management][get_partition(self.region)]

    def accounts(self, targets):
        """Ids of active member accounts below the OUs or the root, each with the target that it is below."""
        parents = {ou.id: ou.parent_id for ou in self.organization.ou}
        given, kind = set(targets.get("Accounts", [])), targets.get("AccountFilterType", "NONE")
        found = {}
        for account in self.organization.accounts:
            ou = account.parent_id
            while ou and ou not in targets["OrganizationalUnitIds"]:
                ou = parents.get(ou)
            inside = {"NONE": True, "INTERSECTION": account.id in given, "DIFFERENCE": account.id not in given}[kind]
            if ou and inside and account.status == "ACTIVE" and account.id != self.management:
                found[account.id] = ou
        return found

    def operate(self, action, preferences, work):
        """Runs `work`, a list of (Region, account, what to do), Region after Region, and gives up after too many failures."""
        operation = {
            "OperationId": str(mock_random.uuid4()),
            "StackSetId": self.id,
            "Action": action,
            "Status": "RUNNING",
            "OperationPreferences": preferences,
            "RetainStacks": False,
            "CreationTimestamp": utcnow(),
            "Results": [],
        }
        self.operations[operation["OperationId"]] = operation

        def run():
            with self.work:
                in_region, failed = {}, False
                for region, _, _ in work:
                    in_region[region] = in_region.get(region, 0) + 1
                failures = dict.fromkeys(in_region, 0)

                def tolerated_in(region):
                    if "FailureTolerancePercentage" in preferences:
                        return in_region[region] * int(preferences["FailureTolerancePercentage"]) // 100
                    return int(preferences.get("FailureToleranceCount", 0))

                for region, account, what in work:
                    failed = failed or any(count > tolerated_in(one) for one, count in failures.items())
                    done = None if failed else what()
                    failures[region] += done is False
                    status = {None: "CANCELLED", True: "SUCCEEDED", False: "FAILED"}[done]
                    instance = self.instances.get((account, region))
                    reason = instance.reason if instance and done is False else ""
                    result = {"Account": account, "Region": region, "Status": status, "StatusReason": reason}
                    operation["Results"].append(result)
                failed = failed or any(count > tolerated_in(region) for region, count in failures.items())
                operation["EndTimestamp"] = utcnow()
                operation["Status"] = "FAILED" if failed else "SUCCEEDED"

        in_background(run)
        return operation["OperationId"]

    def deploying(self, targets, regions):
        """What brings every target to the template, those that have it already included."""
        parents = self.accounts(targets)
        return [
            (region, account, self.deployment(account, region, parents[account]))
            for region in regions
            for account in sorted(parents)
        ]

    def deployment(self, account, region, ou):
        def deploy():
            instance = self.instances.get((account, region))
            if instance is None or instance.stack.status in ("DELETE_COMPLETE", "ROLLBACK_COMPLETE"):
                name = f"StackSet-{self.name}-{mock_random.uuid4()}"
                stack = Stack(account, region, name, EXECUTION_ROLE, self.tags, self.capabilities)
                stacks_in(account, region)[stack.id] = stack
                instance = self.instances[account, region] = Instance(stack, ou)
            instance.stack.tags, instance.stack.capabilities = self.tags, self.capabilities
            return instance.deploy(self.text, self.parameters)

        return deploy

    def leaving(self, account, region, retain):
        def leave():
            instance = self.instances.pop((account, region))
            if not retain:
                instance.stack.delete()
            return True

        return leave

    def settle(self):
        """AWS: an account that comes below a target gets its stacks, one that leaves loses them, or keeps what it has."""
        automatic = self.settings.get("AutoDeployment") or {}
        if not automatic.get("Enabled"):
            return
        # It looks at no filter.
        wanted = {
            (account, region): ou
            for targets, regions in self.deployments
            for account, ou in self.accounts({**targets, "AccountFilterType": "NONE"}).items()
            for region in regions
        }
        retain = automatic.get("RetainStacksOnAccountRemoval", False)
        moved = {place for place, one in self.instances.items() if place in wanted and wanted[place] != one.ou}
        gone = sorted((set(self.instances) - set(wanted)) | moved)
        new = sorted((set(wanted) - set(self.instances)) | moved)
        work = [(region, account, self.leaving(account, region, retain)) for account, region in gone]
        work += [(region, account, self.deployment(account, region, wanted[account, region])) for account, region in new]
        if work:
            self.operate("CREATE", {}, work)

    def describe(self):
        return {
            "StackSetName": self.name,
            "StackSetId": self.id,
            "StackSetARN": self.arn,
            "Status": "ACTIVE",
            "TemplateBody": self.text,
            "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in sorted(self.parameters.items())],
            "Capabilities": self.capabilities,
            "Tags": self.tags,
            "PermissionModel": "SERVICE_MANAGED",
            "ManagedExecution": {"Active": False},
            "OrganizationalUnitIds": sorted(
                {ou for targets, _ in self.deployments for ou in targets["OrganizationalUnitIds"]}
            ),
            **self.settings,
        }

    def summary(self, place):
        (account, region), instance = place, self.instances[place]
        return {
            "StackSetId": self.id,
            "Account": account,
            "Region": region,
            "StackId": instance.stack.id,
            "ParameterOverrides": [],
            "Status": instance.status,
            "StatusReason": instance.reason,
            "StackInstanceStatus": {"DetailedStatus": instance.detailed},
            "OrganizationalUnitId": instance.ou,
            "DriftStatus": "NOT_CHECKED",
        }


# By management account and Region, then by name.
STACK_SETS = {}
ACTIVATED = set()


def known_stack_sets(response):
    account, partition = response.current_account, response.partition
    management = management_account(account, partition)
    if response._get_param("CallAs") == "DELEGATED_ADMIN":
        if not administers(account, management, partition):
            raise ValidationError(message="Account used is not a delegated administrator")
    elif account != management:
        who = "the management account or delegated admin account of an organization"
        raise ValidationError(message=f"You must be {who} before operating a SERVICE_MANAGED stack set")
    return STACK_SETS.setdefault((management, response.region), {}), management


def the_stack_set(response):
    stack_sets, _ = known_stack_sets(response)
    name = response._get_param("StackSetName").split(":")[0]
    if name not in stack_sets:
        raise StackSetNotFoundException(name)
    return stack_sets[name]


def take_settings(stack_set, response):
    stack_set.text = response._get_param("TemplateBody") or stack_set.text
    stack_set.parameters = given_parameters(response, stack_set.parameters)
    stack_set.capabilities = response._get_param("Capabilities", [])
    stack_set.tags = response._get_param("Tags", [])
    for name in ("AutoDeployment", "Description", "ManagedExecution"):
        given = response._get_params().get(name)
        if given is not None:
            stack_set.settings[name] = given
    check_template(stack_set.text, stack_set.parameters, stack_set.capabilities)


@answer
def create_stack_set(self):
    stack_sets, management = known_stack_sets(self)
    name = self._get_param("StackSetName")
    if self._get_param("PermissionModel") != "SERVICE_MANAGED":
        raise ValidationError(message="this emulator has service-managed StackSets alone")
    if organizations_backends[management][self.partition].org is None or management not in ACTIVATED:
        raise ValidationError(message="You must enable organizations access to operate a service managed stack set")
    if name in stack_sets:
        raise NameTaken(f"Stack set {name} already exists")
    stack_set = StackSet(management, self.region, name)
    take_settings(stack_set, self)
    stack_sets[name] = stack_set
    return ActionResult({"StackSetId": stack_set.id})


@answer
def describe_stack_set(self):
    return ActionResult({"StackSet": the_stack_set(self).describe()})


@answer
def list_stack_sets(self):
    stack_sets, _ = known_stack_sets(self)
    return ActionResult({"Summaries": [one.describe() for _, one in sorted(stack_sets.items())]})


@answer
def delete_stack_set(self):
    stack_set = the_stack_set(self)
    if stack_set.instances:
        raise StackSetNotEmpty()
    del known_stack_sets(self)[0][stack_set.name]
    return EmptyResult()


@answer
def update_stack_set(self):
    stack_set = the_stack_set(self)
    refuse_at_once(stack_set)
    take_settings(stack_set, self)
    instances = sorted(stack_set.instances.items())
    work = [(region, account, stack_set.deployment(account, region, one.ou)) for (account, region), one in instances]
    return ActionResult({"OperationId": stack_set.operate("UPDATE", preferences(self), work)})


def preferences(response):
    return response._get_params().get("OperationPreferences") or {}


def refuse_at_once(stack_set):
    if any(one["Status"] == "RUNNING" for one in stack_set.operations.values()):
        raise OperationInProgress(f"Another Operation on StackSet {stack_set.name} is in progress")


def deployment_of(response):
    targets, regions = response._get_params().get("DeploymentTargets"), response._get_param("Regions", [])
    if not targets or not targets.get("OrganizationalUnitIds"):
        raise ValidationError(message="OrganizationalUnitIds are required")
    if targets.get("AccountFilterType", "NONE") == "UNION":
        raise ValidationError(message="UNION is not supported for create operations")
    known = {ou.id for ou in the_stack_set(response).organization.ou}
    stray = set(targets["OrganizationalUnitIds"]) - known
    if stray:
        raise ValidationError(message=f"Could not find OrganizationalUnit: {', '.join(sorted(stray))}")
    return targets, regions


@answer
def create_stack_instances(self):
    stack_set, (targets, regions) = the_stack_set(self), deployment_of(self)
    refuse_at_once(stack_set)
    stack_set.deployments.append((targets, list(regions)))
    operation = stack_set.operate("CREATE", preferences(self), stack_set.deploying(targets, regions))
    return ActionResult({"OperationId": operation})


@answer
def update_stack_instances(self):
    stack_set, (targets, regions) = the_stack_set(self), deployment_of(self)
    refuse_at_once(stack_set)
    work = [one for one in stack_set.deploying(targets, regions) if (one[1], one[0]) in stack_set.instances]
    return ActionResult({"OperationId": stack_set.operate("UPDATE", preferences(self), work)})


@answer
def delete_stack_instances(self):
    stack_set, (targets, regions) = the_stack_set(self), deployment_of(self)
    refuse_at_once(stack_set)
    retain = self._get_bool_param("RetainStacks", False)
    asked = [(account, region) for account in sorted(stack_set.accounts(targets)) for region in regions]
    gone = [place for place in asked if place in stack_set.instances]
    if targets.get("AccountFilterType", "NONE") == "NONE":
        left = set(targets["OrganizationalUnitIds"])
        remaining = []
        for one, in_regions in stack_set.deployments:
            kept = [ou for ou in one["OrganizationalUnitIds"] if ou not in left]
            if kept:
                remaining.append(({**one, "OrganizationalUnitIds": kept}, in_regions))
            others = [region for region in in_regions if region not in regions]
            if others and len(kept) < len(one["OrganizationalUnitIds"]):
                remaining.append((one, others))
        stack_set.deployments = remaining
    work = [(region, account, stack_set.leaving(account, region, retain)) for account, region in gone]
    return ActionResult({"OperationId": stack_set.operate("DELETE", preferences(self), work)})


@answer
def describe_stack_set_operation(self):
    operation = the_stack_set(self).operations.get(self._get_param("OperationId"))
    if operation is None:
        raise ValidationError(message="there is no such operation")
    return ActionResult({"StackSetOperation": operation})


@answer
def list_stack_set_operations(self):
    return ActionResult({"Summaries": list(reversed(the_stack_set(self).operations.values()))})


@answer
def list_stack_set_operation_results(self):
    operation = the_stack_set(self).operations[self._get_param("OperationId")]
    return ActionResult({"Summaries": operation["Results"]})


@answer
def describe_stack_instance(self):
    stack_set = the_stack_set(self)
    place = (self._get_param("StackInstanceAccount"), self._get_param("StackInstanceRegion"))
    if place not in stack_set.instances:
        raise InstanceNotFound(f"Stack instance of {place} does not exist")
    return ActionResult({"StackInstance": stack_set.summary(place)})


@answer
def list_stack_instances(self):
    stack_set = the_stack_set(self)
    account, region = self._get_param("StackInstanceAccount"), self._get_param("StackInstanceRegion")
    places = sorted(stack_set.instances)
    places = [place for place in places if account in (None, place[0]) and region in (None, place[1])]
    return ActionResult({"Summaries": [stack_set.summary(place) for place in places]})


@answer
def activate_organizations_access(self):
    ACTIVATED.add(self.current_account)
    return EmptyResult()


@answer
def describe_organizations_access(self):
    return ActionResult({"Status": "ENABLED" if self.current_account in ACTIVATED else "DISABLED"})


def after(owner, name, then):
    original = getattr(owner, name)

    def changed(self, *args, **kwargs):
        result = original(self, *args, **kwargs)
        then(self)
        return result

    setattr(owner, name, changed)


def settle_all(organization):
    for (management, _), stack_sets in list(STACK_SETS.items()):
        if management == organization.account_id:
            for stack_set in stack_sets.values():
                stack_set.settle()


for action in ("create_account", "move_account", "close_account", "remove_account_from_organization"):
    after(OrganizationsBackend, action, settle_all)
