"""CloudFormation stacks for the emulator, in place of moto's.

moto makes a stack's resources behind its services' backs, without what those refuse: it leaves out types that it does not
know and says CREATE_COMPLETE, never rolls back, takes `aws` for every partition, and deletes what a policy retains. Here a
stack calls the emulator's own services over HTTP, with the credentials of a role in its account, and takes its time:
a caller polls, as with AWS. What fails is rolled back and says why.
"""

import json
import threading

import boto3
from botocore.config import Config
from emulator_resources import TYPES, Fixed
from emulator_template import Scope, TemplateError, parse_template
from moto.cloudformation.exceptions import AlreadyExistsException, CloudFormationError, ValidationError
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.iam.models import iam_backends
from moto.moto_api._internal import mock_random
from moto.sts.models import STSBackend, sts_backends
from moto.utilities.utils import get_partition

# STS as moto has it, for CloudFormation's own roles: whoever trusts whom is no question between AWS's services.
unasked_assume_role = STSBackend.assume_role

IAM_TYPES = ("AWS::IAM::",)
SERVER = {}


def serve_at(port):
    SERVER["endpoint"] = f"http://127.0.0.1:{port}"


def clients_of(account, region, role):
    """Clients of a session of a role, as `call(service, region)`."""
    partition = get_partition(region)
    session = unasked_assume_role(
        sts_backends[account][partition], region, "cloudformation", f"arn:{partition}:iam::{account}:role/{role}", None, 3600, None
    )
    made = {}

    def call(service, other_region=None):
        where = other_region or region
        if (service, where) not in made:
            made[service, where] = boto3.client(
                service,
                region_name=where,
                endpoint_url=SERVER["endpoint"],
                aws_access_key_id=session.access_key_id,
                aws_secret_access_key=session.secret_access_key,
                aws_session_token=session.session_token,
                config=Config(retries={"total_max_attempts": 1}, proxies={}),
            )
        return made[service, where]

    return call


class Made:
    """A resource that is there."""

    def __init__(self, kind, definition, properties, physical_id, attributes):
        self.type, self.definition, self.properties = kind, definition, properties
        self.physical_id, self.attributes = physical_id, attributes

    def retained(self, policy):
        return self.definition.get(policy, "Delete").startswith("Retain")


class Stack:
    def __init__(self, account, region, name, role, tags=(), capabilities=()):
        self.account, self.region, self.name, self.role = account, region, name, role
        self.id = f"arn:{get_partition(region)}:cloudformation:{region}:{account}:stack/{name}/{mock_random.uuid4()}"
        self.tags, self.capabilities = list(tags), list(capabilities)
        self.template_text, self.template, self.parameters = "", {}, {}
        self.resources, self.events, self.outputs = {}, [], []
        self.created, self.status, self.reason = utcnow(), "REVIEW_IN_PROGRESS", None

    def say(self, status, reason=None, name=None, made=None):
        event = {
            "EventId": str(mock_random.uuid4()),
            "StackId": self.id,
            "StackName": self.name,
            "LogicalResourceId": name or self.name,
            "PhysicalResourceId": made.physical_id if made else self.id,
            "ResourceType": made.type if made else "AWS::CloudFormation::Stack",
            "ResourceStatus": status,
            "ResourceStatusReason": reason or "",
            "Timestamp": utcnow(),
        }
        self.events.insert(0, event)
        if name is None:
            self.status, self.reason = status, reason

    def scope(self, template, parameters):
        partition = get_partition(self.region)
        pseudo = {
            "AWS::AccountId": self.account,
            "AWS::Partition": partition,
            "AWS::Region": self.region,
            "AWS::StackId": self.id,
            "AWS::StackName": self.name,
            "AWS::URLSuffix": "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com",
        }
        return Scope(template, parameters, pseudo, self.resources, self.secret)

    def secret(self, name, key):
        answer = self.call("secretsmanager").get_secret_value(SecretId=name)
        return json.loads(answer["SecretString"])[key]

    def deploy(self, text, parameters):
        """Brings the stack to a template; False when it had to go back."""
        verb = "CREATE" if self.status in ("REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS") else "UPDATE"
        before = (self.template_text, self.parameters)
        self.call = clients_of(self.account, self.region, self.role)
        self.say(f"{verb}_IN_PROGRESS", "User Initiated")
        try:
            self.bring(text, parameters)
        except Exception as error:  # Whatever a service refuses is a failure of the stack.
            self.say(f"{verb}_FAILED" if verb == "CREATE" else "UPDATE_ROLLBACK_IN_PROGRESS", str(error))
            self.go_back(verb, *before, str(error))
            return False
        self.say(f"{verb}_COMPLETE")
        return True

    def bring(self, text, parameters):
        template = parse_template(text)
        scope = self.scope(template, parameters)
        wanted = scope.wanted()
        replaced = []
        for name in wanted:
            definition = template["Resources"][name]
            if definition["Type"] not in TYPES:
                raise TemplateError(f"{name}: type {definition['Type']} is not known here")
            old = self.bring_resource(name, definition, scope.evaluate(definition.get("Properties", {})))
            if old is not None:
                replaced.append((name, old, "UpdateReplacePolicy"))
        gone = [name for name in reversed(self.resources) if name not in wanted]
        for name, old, policy in [*replaced, *((name, self.resources.pop(name), "DeletionPolicy") for name in gone)]:
            if not old.retained(policy):
                TYPES[old.type].delete(self.call, old.physical_id, old.properties)
        self.template_text, self.template, self.parameters = text, template, parameters
        self.outputs = [
            {"OutputKey": name, "OutputValue": str(scope.evaluate(one["Value"])), "Description": one.get("Description", "")}
            for name, one in template.get("Outputs", {}).items()
            if "Condition" not in one or scope.holds(one["Condition"])
        ]

    def bring_resource(self, name, definition, properties):
        """Makes or changes one; answers the one that it replaces."""
        kind, old = TYPES[definition["Type"]], self.resources.get(name)
        named, longest = kind.named
        if named and named not in properties:
            made_up = f"{name}-{mock_random.get_random_hex(12)}-{self.name}"[:longest]
            properties = {**properties, named: old.properties[named] if old else made_up}
        if kind.tagged:
            tags = {tag["Key"]: tag for tag in [*self.tags, *properties.get("Tags", [])]}
            properties = {**properties, "Tags": list(tags.values())}
        before = {} if old is None else old.properties
        changed = {each for each in {*properties, *before} if properties.get(each) != before.get(each)}
        if old is not None and old.type == definition["Type"] and not changed & set(kind.replaces):
            if changed & set(kind.fixed):
                raise Fixed(f"Update to {', '.join(sorted(changed & set(kind.fixed)))} of {name} is not supported")
            if changed:
                kind.update(self.call, old.physical_id, properties, old.properties)
            self.resources[name] = Made(old.type, definition, properties, old.physical_id, old.attributes)
            return None
        physical_id, attributes = kind.create(self.call, properties, self.region)
        self.resources[name] = Made(definition["Type"], definition, properties, physical_id, attributes)
        self.say("CREATE_COMPLETE", None, name, self.resources[name])
        return old

    def go_back(self, verb, text, parameters, reason):
        if verb == "CREATE":
            self.delete_resources()
            self.say("ROLLBACK_COMPLETE", reason)
            return
        try:
            self.bring(text, parameters)
            self.say("UPDATE_ROLLBACK_COMPLETE", reason)
        except Exception as error:
            self.say("UPDATE_ROLLBACK_FAILED", str(error))

    def delete_resources(self):
        self.call = clients_of(self.account, self.region, self.role)
        for name in list(reversed(self.resources)):
            made = self.resources.pop(name)
            if not made.retained("DeletionPolicy"):
                TYPES[made.type].delete(self.call, made.physical_id, made.properties)

    def delete(self):
        self.say("DELETE_IN_PROGRESS")
        try:
            self.delete_resources()
            self.say("DELETE_COMPLETE")
        except Exception as error:
            self.say("DELETE_FAILED", str(error))

    def describe(self):
        return {
            "StackId": self.id,
            "StackName": self.name,
            "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in sorted(self.parameters.items())],
            "CreationTime": self.created,
            "StackStatus": self.status,
            "StackStatusReason": self.reason or "",
            "DisableRollback": False,
            "NotificationARNs": [],
            "Capabilities": self.capabilities,
            "Outputs": self.outputs,
            "Tags": self.tags,
            "EnableTerminationProtection": False,
            "Description": self.template.get("Description", ""),
        }


def in_background(work, *arguments):
    threading.Thread(target=work, args=arguments, daemon=True).start()


# By account and Region, then by id.
STACKS = {}


def stacks_in(account, region):
    return STACKS.setdefault((account, region), {})


def own_stacks(response):
    return stacks_in(response.current_account, response.region)


def named(response, name=None):
    name = name or response._get_param("StackName")
    stacks = own_stacks(response)
    found = stacks.get(name) or next((s for s in stacks.values() if s.name == name and s.status != "DELETE_COMPLETE"), None)
    if found is None:
        raise ValidationError(message=f"Stack with id {name} does not exist")
    return found


def check_template(text, parameters, capabilities):
    try:
        template = parse_template(text)
        Scope(template, parameters, {}, {}, None)
    except (TemplateError, ValueError) as error:
        raise ValidationError(message=str(error)) from None
    makes_iam = [one["Type"] for one in template["Resources"].values() if one["Type"].startswith(IAM_TYPES)]
    if makes_iam and "CAPABILITY_NAMED_IAM" not in capabilities:
        raise InsufficientCapabilities()
    return template


class InsufficientCapabilities(CloudFormationError):
    code = "InsufficientCapabilitiesException"
    message = "Requires capabilities : [CAPABILITY_NAMED_IAM]"


def given_parameters(response, known=()):
    known = dict(known)
    return {
        one["ParameterKey"]: known[one["ParameterKey"]] if one.get("UsePreviousValue") else one["ParameterValue"]
        for one in response._get_param("Parameters", [])
    }


def callers_role(response):
    """CloudFormation makes a stack with the rights of whoever asks."""
    keys = iam_backends[response.current_account][get_partition(response.region)].access_keys
    role = getattr(keys.get(response.access_key), "role_arn", None)
    return role.split(":role/")[1] if role else "Administrator"


# Whoever answers here gives lists, as AWS does.
CloudFormationResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER = {}


def answer(action):
    """Answers an action of CloudFormation in place of moto."""
    setattr(CloudFormationResponse, action.__name__, action)
    return action


@answer
def create_stack(self):
    name, text = self._get_param("StackName"), self._get_param("TemplateBody")
    parameters, capabilities = given_parameters(self), self._get_param("Capabilities", [])
    check_template(text, parameters, capabilities)
    if any(one.name == name and one.status != "DELETE_COMPLETE" for one in own_stacks(self).values()):
        raise AlreadyExistsException(f"Stack [{name}] already exists")
    stack = Stack(self.current_account, self.region, name, callers_role(self), self._get_param("Tags", []), capabilities)
    own_stacks(self)[stack.id] = stack
    stack.say("CREATE_IN_PROGRESS", "User Initiated")
    in_background(stack.deploy, text, parameters)
    return ActionResult({"StackId": stack.id})


@answer
def update_stack(self):
    stack = named(self)
    text = stack.template_text if self._get_bool_param("UsePreviousTemplate", False) else self._get_param("TemplateBody")
    parameters, capabilities = given_parameters(self, stack.parameters), self._get_param("Capabilities", [])
    template = check_template(text, parameters, capabilities)
    tags = self._get_param("Tags", stack.tags)
    if (template, parameters, tags) == (stack.template, stack.parameters, stack.tags):
        raise ValidationError(message="No updates are to be performed.")
    stack.tags, stack.capabilities, stack.role = tags, capabilities, callers_role(self)
    stack.say("UPDATE_IN_PROGRESS", "User Initiated")
    in_background(stack.deploy, text, parameters)
    return ActionResult({"StackId": stack.id})


@answer
def delete_stack(self):
    try:
        stack = named(self)
    except ValidationError:
        return EmptyResult()
    in_background(stack.delete)
    return EmptyResult()


@answer
def describe_stacks(self):
    name = self._get_param("StackName")
    known = [one for one in own_stacks(self).values() if one.status != "DELETE_COMPLETE"]
    return ActionResult({"Stacks": [one.describe() for one in ([named(self)] if name else known)]})


@answer
def list_stacks(self):
    wanted = self._get_param("StackStatusFilter", [])
    stacks = [one for one in own_stacks(self).values() if not wanted or one.status in wanted]
    return ActionResult({"StackSummaries": [one.describe() for one in stacks]})


@answer
def describe_stack_events(self):
    return ActionResult({"StackEvents": named(self).events})


def resource_summaries(stack):
    return [
        {
            "StackId": stack.id,
            "StackName": stack.name,
            "LogicalResourceId": name,
            "PhysicalResourceId": made.physical_id,
            "ResourceType": made.type,
            "ResourceStatus": "CREATE_COMPLETE",
            "Timestamp": stack.created,
            "LastUpdatedTimestamp": stack.created,
        }
        for name, made in stack.resources.items()
    ]


@answer
def describe_stack_resources(self):
    return ActionResult({"StackResources": resource_summaries(named(self))})


@answer
def list_stack_resources(self):
    return ActionResult({"StackResourceSummaries": resource_summaries(named(self))})


@answer
def get_template(self):
    return ActionResult({"TemplateBody": named(self).template_text, "StagesAvailable": ["Original", "Processed"]})


@answer
def get_template_summary(self):
    text = self._get_param("TemplateBody") or named(self).template_text
    template = parse_template(text)
    parameters = [
        {"ParameterKey": name, "ParameterType": one["Type"], **({"DefaultValue": one["Default"]} if "Default" in one else {})}
        for name, one in template.get("Parameters", {}).items()
    ]
    return ActionResult(
        {
            "Parameters": parameters,
            "ResourceTypes": sorted({one["Type"] for one in template["Resources"].values()}),
            "Capabilities": ["CAPABILITY_NAMED_IAM"] if "AWS::IAM::" in text else [],
        }
    )


@answer
def validate_template(self):
    template = check_template(self._get_param("TemplateBody"), {}, ["CAPABILITY_NAMED_IAM"])
    return ActionResult({"Description": template.get("Description", ""), "Parameters": []})


@answer
def get_stack_policy(self):
    named(self)
    return ActionResult({})


# What `aws cloudformation deploy` goes through.
CHANGE_SETS = {}


@answer
def create_change_set(self):
    name, kind = self._get_param("StackName"), self._get_param("ChangeSetType", "UPDATE")
    text, tags = self._get_param("TemplateBody"), self._get_param("Tags", [])
    capabilities = self._get_param("Capabilities", [])
    if kind == "CREATE":
        stack = Stack(self.current_account, self.region, name, callers_role(self))
        own_stacks(self)[stack.id] = stack
    else:
        stack = named(self)
    parameters = given_parameters(self, stack.parameters)
    template = check_template(text, parameters, capabilities)
    change = self._get_param("ChangeSetName")
    arn = stack.id.replace(":stack/", ":changeSet/").replace(f"/{name}/", f"/{change}/")
    same = kind == "UPDATE" and (template, parameters, tags) == (stack.template, stack.parameters, stack.tags)
    given = {"text": text, "parameters": parameters, "tags": tags, "capabilities": capabilities}
    CHANGE_SETS[arn] = {"stack": stack, "name": change, "same": same, **given}
    return ActionResult({"Id": arn, "StackId": stack.id})


def change_set(response):
    name = response._get_param("ChangeSetName")
    stack = response._get_param("StackName")
    for arn, one in CHANGE_SETS.items():
        if name == arn or (name == one["name"] and stack in (one["stack"].name, one["stack"].id)):
            return arn, one
    raise ValidationError(message=f"ChangeSet [{name}] does not exist")


@answer
def describe_change_set(self):
    arn, one = change_set(self)
    same = one["same"]
    return ActionResult(
        {
            "ChangeSetId": arn,
            "ChangeSetName": one["name"],
            "StackId": one["stack"].id,
            "StackName": one["stack"].name,
            "Status": "FAILED" if same else "CREATE_COMPLETE",
            "ExecutionStatus": "UNAVAILABLE" if same else "AVAILABLE",
            "StatusReason": "No updates are to be performed." if same else "",
            "CreationTime": utcnow(),
            "Changes": [],
        }
    )


@answer
def execute_change_set(self):
    _, one = change_set(self)
    stack = one["stack"]
    stack.role, stack.tags, stack.capabilities = callers_role(self), one["tags"], one["capabilities"]
    stack.say("CREATE_IN_PROGRESS" if stack.status == "REVIEW_IN_PROGRESS" else "UPDATE_IN_PROGRESS", "User Initiated")
    in_background(stack.deploy, one["text"], one["parameters"])
    return ActionResult({})


@answer
def delete_change_set(self):
    arn, _ = change_set(self)
    del CHANGE_SETS[arn]
    return ActionResult({})
