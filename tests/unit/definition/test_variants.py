from __future__ import annotations

import copy
from itertools import islice

from tests.unit.definition.everything import DATA, changed, parsed, variations

from leadline.definition import fingerprint, variants

OLD = parsed(DATA)


def found(new):
    return {item.path: item for item in variants.changed_alone(OLD, new)}


def test_a_single_change_of_what_qualifies_is_one_variant_and_that_is_the_new_definition():
    tried, same = 0, fingerprint.definition_fingerprint
    for path, new in islice(variations(DATA), 0, None, 4):
        labels_or_order = path.startswith(("bands", "grade", "tracks →", "disqualify →"))
        lacks_signals = path.startswith("signals") and path.endswith("→ gone") and path.count(".") < 2
        if same(new) != same(OLD) and not labels_or_order and not lacks_signals:
            (alone,) = variants.changed_alone(OLD, new)
            assert same(alone.definition) == same(new), path
            tried += 1
    assert tried > 100


def test_each_change_stands_alone_with_its_words():
    data = copy.deepcopy(DATA)
    data["groups"]["engagement"]["criteria"]["pricing_page"].update(points=25, within="45d")
    data["groups"]["fit"]["cap"] = 60
    data["tracks"]["mql"].update(when="score >= 80", leave="score < 40")
    data["disqualify"]["student"] = "person.seniority in ('intern', 'individual')"
    got = found(parsed(data))
    assert list(got) == ["groups.engagement.criteria.pricing_page", "groups.fit.cap", "disqualify.student", "tracks.mql"]
    pricing = got["groups.engagement.criteria.pricing_page"]
    assert (
        pricing.words
        == "A visit to a pricing page now earns 25 points instead of 20. The window of *pricing page* moves from 30 days to 45 days."
    )
    assert pricing.definition.groups["fit"].cap == 50
    assert pricing.definition.tracks == OLD.tracks
    assert got["tracks.mql"].definition.tracks["mql"].leave == "score < 40"
    assert got["tracks.mql"].definition.tracks["mql"].to == "sdr"
    assert got["tracks.mql"].definition.groups == OLD.groups


def test_a_new_criterion_brings_the_signals_that_the_old_definition_lacks():
    data = copy.deepcopy(DATA)
    data["signals"]["reply"] = "email_reply"
    data["signals"]["talk"] = {"any_of": ["reply", "webinar"]}
    data["groups"]["engagement"]["criteria"]["talks"] = {"signal": "talk", "points": 5}
    (alone,) = variants.changed_alone(OLD, parsed(data))
    assert alone.path == "groups.engagement.criteria.talks"
    assert {"reply", "talk"} <= set(alone.definition.signals)
    assert alone.definition == parsed(data).model_copy(update={"signals": alone.definition.signals})


def test_a_criterion_that_moves_leaves_its_old_group():
    data = copy.deepcopy(DATA)
    data["groups"]["usage"]["criteria"]["path"] = data["groups"]["engagement"]["criteria"].pop("path")
    (alone,) = variants.changed_alone(OLD, parsed(data))
    assert alone.path == "groups.usage.criteria.path"
    assert [group for group, name, _ in alone.definition.criteria() if name == "path"] == ["usage"]


def test_a_group_comes_and_goes_whole():
    data = copy.deepcopy(DATA)
    data["groups"]["intent"] = {"criteria": {"path": data["groups"]["engagement"]["criteria"].pop("path")}}
    del data["groups"]["usage"]
    got = found(parsed(data))
    assert set(got) == {"groups.intent", "groups.usage"}
    assert "path" not in got["groups.intent"].definition.groups["engagement"].criteria
    assert list(got["groups.usage"].definition.groups) == ["fit", "engagement"]


def test_a_criterion_that_is_only_called_otherwise_is_no_difference():
    data = copy.deepcopy(DATA)
    data["groups"]["usage"]["criteria"]["seat_count"] = data["groups"]["usage"]["criteria"].pop("each_seat")
    assert variants.changed_alone(OLD, parsed(data)) == []


def test_bands_count_where_a_rule_looks_at_them():
    new = changed("bands", "fit", "A", to=45)
    assert variants.changed_alone(OLD, new) == []
    by_band = copy.deepcopy(DATA)
    by_band["tracks"]["mql"]["when"] = "band.fit = 'A'"
    before = parsed(by_band)
    by_band["bands"]["fit"]["A"] = 45
    (alone,) = variants.changed_alone(before, parsed(by_band))
    assert alone.path == "bands.fit"


def test_two_definitions_that_say_the_same_have_no_variants():
    assert variants.changed_alone(OLD, changed("name", to="Other")) == []


def test_an_order_comes_along_with_what_compares_it():
    before, after = copy.deepcopy(DATA), copy.deepcopy(DATA)
    del before["ordered"]
    del before["groups"]["fit"]["criteria"]["tier"]
    (alone,) = variants.changed_alone(parsed(before), parsed(after))
    assert alone.path == "groups.fit.criteria.tier"
    assert alone.definition.ordered == OLD.ordered


def test_an_order_that_comes_to_what_was_compared_as_text_is_a_change_of_its_own():
    before = copy.deepcopy(DATA)
    del before["ordered"]
    (alone,) = variants.changed_alone(parsed(before), OLD)
    assert (alone.path, alone.definition, alone.why) == ("ordered.person.tier", OLD, "")


def test_an_order_that_the_old_definition_needs_can_not_be_dropped_alone():
    after = copy.deepcopy(DATA)
    del after["ordered"]
    del after["groups"]["fit"]["criteria"]["tier"]
    dropped, criterion = variants.changed_alone(OLD, parsed(after))
    assert (dropped.path, dropped.why) == ("ordered.person.tier", "the old definition compares person.tier by its order")
    assert dropped.words
    assert (criterion.path, criterion.why, criterion.definition.ordered) == ("groups.fit.criteria.tier", "", OLD.ordered)


def test_an_order_that_nothing_compares_is_no_difference():
    before, after = copy.deepcopy(DATA), copy.deepcopy(DATA)
    for data in (before, after):
        del data["groups"]["fit"]["criteria"]["tier"]
    del after["ordered"]
    assert variants.changed_alone(parsed(before), parsed(after)) == []
    assert variants.changed_alone(parsed(after), parsed(before)) == []
