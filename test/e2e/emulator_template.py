"""CloudFormation templates: parsing, intrinsic functions, and the order in which resources are made."""

import json
import re

import yaml
from moto.cloudformation.utils import yaml_tag_constructor

NO_VALUE = object()
DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:secretsmanager:([^:}]+):SecretString:([^:}]+)\}\}")
yaml.add_multi_constructor("", yaml_tag_constructor, Loader=yaml.SafeLoader)


class TemplateError(Exception):
    """What CloudFormation would refuse, or what this emulator of it does not know."""


def parse_template(text):
    try:
        template = json.loads(text)
    except ValueError:
        template = yaml.safe_load(text)
    if not isinstance(template, dict) or not template.get("Resources"):
        raise TemplateError("Template format error: At least one Resources member must be defined.")
    return template


class Scope:
    """What a template's expressions mean in one stack: parameters, pseudo parameters, conditions, and what is made so far."""

    def __init__(self, template, parameters, pseudo, resources, secret):
        self.template, self.resources, self.secret = template, resources, secret
        declared = template.get("Parameters", {})
        unknown = set(parameters) - set(declared)
        missing = [name for name, one in declared.items() if name not in parameters and "Default" not in one]
        if unknown or missing:
            raise TemplateError(f"Parameters: [{', '.join([*sorted(unknown), *missing])}] do not match the template")
        given = {name: parameters.get(name, one.get("Default")) for name, one in declared.items()}
        lists = {name for name, one in declared.items() if one["Type"] == "CommaDelimitedList"}
        self.values = {**pseudo, **{name: v.split(",") if name in lists else v for name, v in given.items()}}
        self.values["AWS::NoValue"] = NO_VALUE

    def holds(self, name):
        if name not in self.template.get("Conditions", {}):
            raise TemplateError(f"there is no condition {name}")
        return self.evaluate(self.template["Conditions"][name])

    def wanted(self):
        """Names of the resources whose condition holds, each after those that it needs."""
        resources = self.template["Resources"]
        held = [name for name, one in resources.items() if "Condition" not in one or self.holds(one["Condition"])]
        ordered = []

        def visit(name, above=()):
            if name in above:
                raise TemplateError(f"Circular dependency between resources: [{', '.join(above)}]")
            if name not in ordered and name in held:
                for other in sorted(references(resources[name])):
                    visit(other, (*above, name))
                ordered.append(name)

        for name in held:
            visit(name)
        return ordered

    def evaluate(self, node):
        if isinstance(node, list):
            return [value for value in map(self.evaluate, node) if value is not NO_VALUE]
        if isinstance(node, str):
            return DYNAMIC_REFERENCE.sub(lambda match: self.secret(match[1], match[2]), node)
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            [(name, argument)] = node.items()
            if name in FUNCTIONS:
                return FUNCTIONS[name](self, argument)
            if name.startswith("Fn::"):
                raise TemplateError(f"{name} is not known here")
        values = {name: self.evaluate(value) for name, value in node.items()}
        return {name: value for name, value in values.items() if value is not NO_VALUE}

    def reference(self, name):
        if name in self.values:
            return self.values[name]
        return self.made(name).physical_id

    def attribute(self, argument):
        name, _, attribute = argument.partition(".") if isinstance(argument, str) else (argument[0], ".", argument[1])
        made = self.made(name)
        if attribute not in made.attributes:
            raise TemplateError(f"{made.type} has no attribute {attribute} here")
        return made.attributes[attribute]

    def made(self, name):
        if name not in self.resources:
            raise TemplateError(f"Unresolved resource dependencies [{name}]")
        return self.resources[name]

    def substitute(self, argument):
        text, local = argument if isinstance(argument, list) else (argument, {})

        def value(match):
            name = match[1]
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            if name in local:
                return str(self.evaluate(local[name]))
            return str(self.attribute(name) if "." in name else self.reference(name))

        return self.evaluate(re.sub(r"\$\{([^}]+)\}", value, text))

    def choose(self, argument):
        condition, yes, no = argument
        return self.evaluate(yes if self.holds(condition) else no)

    def find(self, argument):
        found = self.template.get("Mappings", {}).get(argument[0], {})
        for name in self.evaluate(argument[1:]):
            if name not in found:
                raise TemplateError(f"Unable to get mapping for {argument}")
            found = found[name]
        return found


FUNCTIONS = {
    "Condition": lambda scope, name: scope.holds(name),
    "Ref": lambda scope, name: scope.reference(name),
    "Fn::And": lambda scope, all_of: all(map(scope.evaluate, all_of)),
    "Fn::Equals": lambda scope, pair: str(scope.evaluate(pair[0])) == str(scope.evaluate(pair[1])),
    "Fn::FindInMap": lambda scope, path: scope.find(path),
    "Fn::GetAtt": lambda scope, path: scope.attribute(path),
    "Fn::If": lambda scope, choice: scope.choose(choice),
    "Fn::Join": lambda scope, parts: parts[0].join(map(str, scope.evaluate(parts[1]))),
    "Fn::Not": lambda scope, one: not scope.evaluate(one[0]),
    "Fn::Or": lambda scope, any_of: any(map(scope.evaluate, any_of)),
    "Fn::Select": lambda scope, choice: scope.evaluate(choice[1])[int(scope.evaluate(choice[0]))],
    "Fn::Split": lambda scope, parts: scope.evaluate(parts[1]).split(parts[0]),
    "Fn::Sub": lambda scope, text: scope.substitute(text),
}


def references(node):
    """Names that a part of a template refers to; not all of them need be resources."""
    if isinstance(node, list):
        return set().union(*map(references, node))
    if not isinstance(node, dict):
        return set()
    found = set()
    for name, value in node.items():
        if name == "Ref":
            found.add(value)
        elif name == "Fn::GetAtt":
            found.add(value.split(".")[0] if isinstance(value, str) else value[0])
        elif name == "DependsOn":
            found.update([value] if isinstance(value, str) else value)
        elif name == "Fn::Sub":
            text = value[0] if isinstance(value, list) else value
            found.update(part.split(".")[0] for part in re.findall(r"\$\{([^!}]+)\}", text))
            found |= references(value)
        else:
            found |= references(value)
    return found
