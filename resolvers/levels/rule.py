"""The root fields about rules."""

from dataclasses import fields
from typing import Annotated, Any

import strawberry

from domain.account.permission import Permission
from domain.account.role import checked_reason
from domain.automation.action import Action
from domain.automation.fact import FACTS
from domain.automation.reading import checked_tree
from domain.automation.rule import Recipe
from domain.automation.service import Rules
from resolvers.context import RequestContext, mutation, shown
from resolvers.idempotency import key_of
from schema.base import After, Connection, First, connection, field, page_request, parse_key
from schema.levels import rule_command as c
from schema.levels.rule import Rule, RuleFact, RuleRehearsal, RuleRun

Info = strawberry.Info[RequestContext, None]
OfRule = Annotated[strawberry.ID | None, strawberry.argument(description="Only of this rule.")]
DryRun = Annotated[c.DryRunRuleInput, strawberry.argument(description="The rule, and since when.")]
InConversation = Annotated[strawberry.ID | None, strawberry.argument(description="Only in this conversation.")]


def _rules(info: Info) -> Rules:
    return info.context.services.desk.rules


def _read_id(concept: str, text: str, path: str) -> str:
    return str(parse_key(text, concept, path))


def _action(input: c.RuleActionInput, place: int) -> Action:
    path = f"input.actions.{place}"
    given: dict[str, Any] = {each.name: getattr(input, each.name) for each in fields(Action)}
    if input.agent_id is not None:
        given["agent_id"] = parse_key(input.agent_id, "Agent", f"{path}.agentId")
    if input.tag_ids is not None:
        ids = (parse_key(one, "Tag", f"{path}.tagIds.{number}") for number, one in enumerate(input.tag_ids))
        given["tag_ids"] = tuple(dict.fromkeys(ids))
    return Action(**given)


def _said(input: Any) -> dict[str, Any]:
    """What an input says of a rule, without the parts that it leaves as they are."""
    given = {each.name: getattr(input, each.name, None) for each in fields(Recipe)}
    said = {name: value for name, value in given.items() if value is not None}
    if "triggers" in said:
        said["triggers"] = tuple(said["triggers"])
    if "condition" in said:
        said["condition"] = checked_tree(said["condition"], _read_id)
    if "actions" in said:
        said["actions"] = tuple(_action(one, place) for place, one in enumerate(said["actions"]))
    return said


@strawberry.type
class RuleQuery:
    """Questions about rules."""

    @field("The rules, in the order in which they run, at most 100.", needs=Permission.MANAGE_AUTOMATION)
    async def rules(self, info: Info) -> list[Rule]:
        return [Rule.of(view) for view in await info.context.reads.all_rules()]

    @field("What the conditions of rules can be about.", needs=Permission.MANAGE_AUTOMATION)
    async def rule_facts(self, info: Info) -> list[RuleFact]:
        return [RuleFact.of(name, fact) for name, fact in FACTS.items()]

    @field(
        "What rules made of what happened in conversations that you may read, newest first.",
        needs=Permission.MANAGE_AUTOMATION,
    )
    async def rule_runs(
        self,
        info: Info,
        rule_id: OfRule = None,
        conversation_id: InConversation = None,
        first: First = None,
        after: After = None,
    ) -> Connection[RuleRun]:
        rule = None if rule_id is None else parse_key(rule_id, "Rule", "ruleId")
        where = None if conversation_id is None else parse_key(conversation_id, "Conversation", "conversationId")
        return connection(await info.context.reads.rule_run_page(page_request(first, after), rule, where), RuleRun.of)

    @field(
        "What a rule would have made of events that have been, in conversations that you may read, newest first, at"
        " most 100. Nothing is done.",
        needs=Permission.MANAGE_AUTOMATION,
    )
    async def dry_run_rule(self, info: Info, input: DryRun) -> list[RuleRehearsal]:
        recipe = Recipe(name="Dry run", **_said(input))
        found = await _rules(info).rehearse(info.context.actor, recipe, input.since, input.most)
        return [RuleRehearsal.of(one) for one in found]


@strawberry.type
class RuleMutation:
    """What can be done about them."""

    @mutation("Make a rule.", needs=Permission.MANAGE_AUTOMATION)
    async def create_rule(self, info: Info, input: c.CreateRuleInput) -> c.CreateRulePayload | None:
        receipt = await _rules(info).create(info.context.actor, Recipe(**_said(input)), key=key_of(input))
        return c.CreateRuleSuccess(rule=await shown(info, "rules", receipt.id, Rule.of))

    @mutation("Let a rule say something else.", needs=Permission.MANAGE_AUTOMATION)
    async def change_rule(self, info: Info, input: c.ChangeRuleInput) -> c.ChangeRulePayload | None:
        key, reason = parse_key(input.rule_id, "Rule", "input.ruleId"), checked_reason(input.reason)
        await _rules(info).change(info.context.actor, key, _said(input), reason=reason, key=key_of(input))
        return c.ChangeRuleSuccess(rule=await shown(info, "rules", key, Rule.of))

    @mutation("Take a rule away, with its log.", needs=Permission.MANAGE_AUTOMATION)
    async def delete_rule(self, info: Info, input: c.DeleteRuleInput) -> c.DeleteRulePayload | None:
        key, reason = parse_key(input.rule_id, "Rule", "input.ruleId"), checked_reason(input.reason)
        await _rules(info).delete(info.context.actor, key, reason=reason, key=key_of(input))
        return c.DeleteRuleSuccess(deleted_id=input.rule_id)
