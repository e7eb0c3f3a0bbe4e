"""Every lint rule: its code, the function that finds it, and what that function reads."""

from __future__ import annotations

from typing import Any

from pulpo_analysis.validation import (
    bindings,
    bodies,
    configuration,
    descriptions,
    effects,
    field_names,
    indexes,
    json_types,
    models,
    operations,
    security,
    spelling,
    storage,
    usage,
)
from pulpo_analysis.validation.rule import Rule, the_app, the_configuration, the_project

__all__ = ["RULES"]

RULES: tuple[Rule[Any], ...] = (
    Rule("PLB008", bindings.taken_outputs, the_project),
    Rule("PLB009", bindings.kept_constraints, the_project),
    Rule("PLC004", configuration.known_flows, the_configuration),
    Rule("PLC008", security.working_sign_in, the_configuration),
    Rule("PLC009", security.closed_doors, the_configuration),
    Rule("PLC010", security.matching_places, the_configuration),
    Rule("PLG007", usage.ordered_creators, the_project),
    Rule("PLM005", storage.readable_decimals, the_project),
    Rule("PLM006", descriptions.described_models, the_app),
    Rule("PLM007", models.known_fields, the_app),
    Rule("PLM008", models.reachable_collections, the_app),
    Rule("PLM009", descriptions.telling_models, the_app),
    Rule("PLM010", field_names.linked_ids, the_app),
    Rule("PLM011", field_names.plural_lists, the_app),
    Rule("PLM012", field_names.singular_values, the_app),
    Rule("PLM013", usage.connected, the_app),
    Rule("PLM014", usage.created, the_app),
    Rule("PLM015", storage.answered_back_links, the_project),
    Rule("PLM016", storage.completed_types, the_project),
    Rule("PLM017", bodies.aware_defaults, the_project),
    Rule("PLM018", bodies.fresh_defaults, the_project),
    Rule("PLM019", indexes.indexed_sorts, the_project),
    Rule("PLM020", indexes.indexed_links, the_project),
    Rule("PLM021", storage.effective_markers, the_project),
    Rule("PLM022", field_names.hidden_secrets, the_app),
    Rule("PLM023", spelling.spelt_models, the_app),
    Rule("PLM024", json_types.distinct_types, the_app),
    Rule("PLM025", json_types.distinct_fields, the_app),
    Rule("PLO005", operations.touching, the_app),
    Rule("PLO006", operations.dotted, the_app),
    Rule("PLO007", descriptions.described_operations, the_app),
    Rule("PLO009", operations.declared_output, the_app),
    Rule("PLO011", operations.reachable, the_app),
    Rule("PLO012", effects.undeclared_writes, the_app),
    Rule("PLO013", effects.touched_models, the_app),
    Rule("PLO014", effects.documented_raises, the_app),
    Rule("PLO030", descriptions.telling_operations, the_app),
    Rule("PLO031", json_types.json_types, the_project),
    Rule("PLO032", operations.verbal, the_app),
    Rule("PLO033", bodies.unblocked_loops, the_project),
    Rule("PLO034", bodies.aware_clocks, the_project),
    Rule("PLO035", bodies.unshared_defaults, the_project),
    Rule("PLO036", operations.valid_schedules, the_app),
    Rule("PLO037", spelling.spelt_operations, the_app),
    Rule("PLO038", json_types.distinct_names, the_app),
)
