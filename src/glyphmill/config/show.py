"""The resolved config in the nested form, as data and as YAML."""

from __future__ import annotations

from typing import Any

import yaml

from glyphmill.config.fields import to_plain
from glyphmill.config.model import Entry, Group, JobConfig, Resources, Specification
from glyphmill.config.scalars import read_plain


def show(config: JobConfig) -> str:
    """The config as YAML in the nested form, every default written out, paths absolute; loads to an equal config."""
    data = to_data(config)
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110)


def to_data(config: JobConfig, resources: Any = None) -> dict[str, Any]:
    """The config as JSON-able data in the nested form.

    Args:
        config: a loaded config.
        resources: the section ``resources`` as it was written, to stand in place of the absolute paths.
    """
    limits = {name: to_plain(value) for name, value in vars(config.limits).items()}
    data = {
        "total_images": config.total_images,
        "seed": config.seed,
        "resources": _resources(config.resources) if resources is None else resources,
        "output": {
            "format": config.output.unit,
            "mode": config.mode,
            **({"extras": list(config.extras)} if config.extras else {}),
            **to_plain(config.output.config),
        },
        "limits": limits,
        "specifications": [_specification(made) for made in config.specifications],
    }
    return {name: value for name, value in data.items() if value != {}}


def _resources(resources: Resources) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if resources.fonts:
        given["fonts"] = list(resources.fonts)
    if resources.backgrounds:
        given["backgrounds"] = [{"path": b.path, "weight": to_plain(b.weight)} for b in resources.backgrounds]
    if resources.corpora is not None:
        given["corpora"] = resources.corpora
    if resources.corpus_encoding != "utf-8":
        given["encoding"] = resources.corpus_encoding
    if resources.health is not None:
        given["health"] = resources.health
    return given


def _specification(made: Specification) -> dict[str, Any]:
    sections: dict[str, Any] = {stage: to_plain(settings) for stage, settings in made.single.items()}
    for stage, alternatives in made.choice.items():
        sections[stage] = {entry.unit: _entry(entry) for entry in alternatives}
    for stage, chain in made.chain.items():
        sections[stage] = [_item(item) for item in chain]
    kept = {stage: section for stage, section in sections.items() if section not in ({}, [])}
    return {"name": made.name, "proportion": to_plain(made.proportion), **kept}


def _entry(entry: Entry) -> dict[str, Any]:
    return {**_odds(entry), **to_plain(entry.config)}


def _item(item: Entry | Group) -> dict[str, Any]:
    if isinstance(item, Entry):
        return {item.unit: _entry(item)}
    group: dict[str, Any] = {item.kind: [_item(inner) for inner in item.entries], **_odds(item)}
    return group if item.n is None else {**group, "n": to_plain(item.n)}


def _odds(item: Entry | Group) -> dict[str, Any]:
    odds = {"p": item.p, "weight": item.weight}
    return {name: to_plain(value) for name, value in odds.items() if value != 1.0}


class _Dumper(yaml.SafeDumper):
    """Quotes whatever this project's reader would not take for the same text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    same = type(read_plain(text)) is str
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=None if same else "'")


_Dumper.add_representer(str, _text)
