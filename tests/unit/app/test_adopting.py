"""Adopting definitions: what is kept, what is refused, and that nothing is ever lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from leadline import project as project_file
from leadline.app import adopting, starter
from leadline.app.adopting import ALWAYS
from leadline.clock import DAY, parse_instant
from leadline.definition import load
from leadline.errors import DefinitionRefused, UsageError
from leadline.settings import ProjectConfig

JANUARY, JUNE, NOW = (parse_instant(day) for day in ("2026-01-01", "2026-06-01", "2026-09-30"))


@pytest.fixture
def project(tmp_path: Path) -> ProjectConfig:
    starter.write(tmp_path)
    return project_file.load(tmp_path)


def variant(project: ProjectConfig, line: int) -> Path:
    """Write a definition with another line beside the project's."""
    path = project.root / f"at-{line}.yaml"
    path.write_text(project.definition.read_text("utf-8").replace("score >= 75", f"score >= {line}"), "utf-8")
    return path


def lines_in_force(project: ProjectConfig) -> list[tuple[int, str]]:
    return [(since, found.definition.tracks["mql"].when[9:11]) for since, found in adopting.in_force(project)]


def refused(code: str, *arguments, **options) -> str:
    with pytest.raises((UsageError, DefinitionRefused)) as error:
        adopting.adopt(*arguments, **options)
    assert [problem.code for problem in error.value.as_problems()] == [code]
    return str(error.value)


def texts(project: ProjectConfig) -> dict[str, bytes]:
    folder = project.root / "definitions"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_before_anything_is_adopted_the_projects_definition_counts_for_all_times(project: ProjectConfig):
    assert lines_in_force(project) == [(ALWAYS, "75")]
    assert adopting.record(project, NOW).periods == ()
    assert not (project.root / "definitions").exists()


def test_adopting_keeps_the_definition_byte_for_byte(project: ProjectConfig):
    project.definition.write_bytes(b"\xef\xbb\xbf" + project.definition.read_bytes().replace(b"\n", b"\r\n"))
    text = project.definition.read_bytes()
    done = adopting.adopt(project, None, JANUARY, NOW)
    assert (project.root / done.kept).read_bytes() == text == project.definition.read_bytes()
    assert (done.again, done.replaced) == (False, None)
    assert done.kept == f"definitions/2026-01-01-{done.period.adoption.contract[:8]}.yaml"


def test_each_instant_is_judged_by_the_definition_in_force_then(project: ProjectConfig):
    other = variant(project, 80)
    adopting.adopt(project, None, JANUARY, NOW)
    done = adopting.adopt(project, other, JUNE, NOW)
    assert lines_in_force(project) == [(ALWAYS, "75"), (JUNE, "80")]
    assert project.definition.read_bytes() == other.read_bytes()
    assert done.replaced == adopting.record(project, NOW).periods[0].adoption.file.join(["definitions/", ""])


def test_of_two_from_the_same_instant_the_last_counts(project: ProjectConfig):
    other = variant(project, 80)
    adopting.adopt(project, None, JUNE, NOW)
    adopting.adopt(project, other, JUNE, NOW)
    assert lines_in_force(project) == [(ALWAYS, "80")]


def test_without_an_instant_it_is_in_force_from_now(project: ProjectConfig):
    adopting.adopt(project, None, None, NOW - DAY)
    adopting.adopt(project, variant(project, 80), None, NOW)
    assert [since for since, _ in adopting.in_force(project)] == [ALWAYS, NOW]


def test_adopting_twice_is_adopting_once(project: ProjectConfig):
    adopting.adopt(project, None, JANUARY, NOW)
    before = texts(project)
    done = adopting.adopt(project, None, None, NOW + DAY)
    assert done.again
    assert texts(project) == before


def test_a_stop_before_the_last_step_is_mended_by_the_same_command(project: ProjectConfig):
    old = project.definition.read_bytes()
    other = variant(project, 80)
    adopting.adopt(project, None, JANUARY, NOW)
    adopting.adopt(project, other, JUNE, NOW)
    project.definition.write_bytes(old)  # as if the log had been written, and the definition not yet
    assert adopting.adopt(project, other, JUNE, NOW).again
    assert project.definition.read_bytes() == other.read_bytes()


def test_signing_anew_is_an_entry_of_its_own_in_a_file_of_its_own(project: ProjectConfig):
    adopting.adopt(project, None, JUNE, NOW)
    text = project.definition.read_text("utf-8")
    project.definition.write_text(text.replace("demand generation}", "demand generation, signed: 2026-06-01}"), "utf-8")
    adopting.adopt(project, None, JUNE, NOW)
    one, two = (period.adoption for period in adopting.record(project, NOW).periods)
    assert one.contract == two.contract
    assert two.file == one.file.replace(".yaml", "-2.yaml")
    assert [entry.sign_offs()["marketing"] for entry in (one, two)] == ["not signed", "2026-06-01"]


def test_going_back_is_one_entry_more_and_loses_nothing(project: ProjectConfig):
    first = adopting.adopt(project, None, JANUARY, NOW)
    adopting.adopt(project, variant(project, 80), JUNE, NOW)
    before = texts(project)
    back = adopting.chosen(project, first.period.adoption.contract[:8])
    done = adopting.adopt(project, back, NOW, NOW)
    assert lines_in_force(project) == [(ALWAYS, "75"), (JUNE, "80"), (NOW, "75")]
    assert done.kept == first.kept
    after = texts(project)
    assert after.pop("history.yaml").startswith(before.pop("history.yaml"))
    assert after == before
    assert project.definition.read_bytes() == (project.root / first.kept).read_bytes()


def test_edits_that_were_never_adopted_are_not_replaced_unless_they_are_kept_aside(project: ProjectConfig):
    other = variant(project, 80)
    assert "Adopt it first" in refused("unadopted-edits", project, other, JUNE, NOW)
    assert not (project.root / "definitions").exists()
    adopting.adopt(project, None, JANUARY, NOW)
    edits = project.definition.read_bytes() + b"# and: [this is no YAML"
    project.definition.write_bytes(edits)
    before = texts(project)
    refused("unadopted-edits", project, other, JUNE, NOW)
    assert texts(project) == before
    done = adopting.adopt(project, other, JUNE, NOW, keep=True)
    assert done.replaced is not None
    assert (project.root / done.replaced).read_bytes() == edits
    assert project.definition.read_bytes() == other.read_bytes()


def test_the_past_stays_what_it_was(project: ProjectConfig):
    other = variant(project, 80)
    adopting.adopt(project, None, JUNE, NOW)
    before = texts(project)
    refused("earlier-than-last", project, other, JUNE - 1, NOW)
    refused("earlier-than-last", project, None, JUNE - 1, NOW)  # the same text, too, isn't moved
    assert texts(project) == before
    assert lines_in_force(project) == [(ALWAYS, "75")]


def test_what_is_adopted_ahead_makes_now_too_early(project: ProjectConfig):
    adopting.adopt(project, None, NOW + DAY, NOW)
    assert "--from 2026-10-01T00:00:00Z" in refused("earlier-than-last", project, variant(project, 80), None, NOW)


def test_a_kept_definition_that_was_edited_is_refused_by_name(project: ProjectConfig):
    kept = project.root / adopting.adopt(project, None, JANUARY, NOW).kept
    other = variant(project, 80)
    kept.write_text(kept.read_text("utf-8").replace("score >= 75", "score >= 70"), "utf-8")
    assert kept.name in refused("edited-definition", project, other, JUNE, NOW)
    with pytest.raises(DefinitionRefused, match="edited-definition"):
        adopting.in_force(project)
    with pytest.raises(DefinitionRefused, match="edited-definition"):
        adopting.chosen(project, kept.stem[-8:])
    assert [problem.code for problem in adopting.record(project, NOW).problems] == ["edited-definition"]


def test_a_kept_definition_that_is_gone_is_refused_by_name(project: ProjectConfig):
    kept = project.root / adopting.adopt(project, None, JANUARY, NOW).kept
    kept.unlink()
    with pytest.raises(DefinitionRefused, match=rf"{kept.name}: this was adopted.*\[missing-file\]"):
        adopting.in_force(project)


def test_the_record_tells_what_the_projects_definition_holds(project: ProjectConfig):
    first = adopting.adopt(project, None, JANUARY, NOW)
    second = adopting.adopt(project, variant(project, 80), NOW + DAY, NOW)
    found = adopting.record(project, NOW)
    assert (found.held, found.present) == (second.kept, first.kept)
    project.definition.write_bytes(project.definition.read_bytes() + b"\n")
    assert adopting.record(project, NOW + DAY).held is None
    assert adopting.record(project, NOW + DAY).present == second.kept


def test_an_argument_is_a_path_first_and_a_fingerprint_then(project: ProjectConfig, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(project.root)
    done = adopting.adopt(project, None, JANUARY, NOW)
    digits = done.period.adoption.contract[:6]
    assert adopting.chosen(project, None) is None
    assert adopting.chosen(project, digits) == project.root / done.kept
    Path(digits).write_bytes(b"")
    assert adopting.chosen(project, digits) == Path(digits)
    with pytest.raises(UsageError, match="neither a file"):
        adopting.chosen(project, "nowhere.yaml")


def test_a_definition_reached_by_a_link_is_replaced_where_it_lies(project: ProjectConfig):
    real = project.root / "shared.yaml"
    project.definition.rename(real)
    project.definition.symlink_to(real.name)
    other = variant(project, 80)
    adopting.adopt(project, None, JANUARY, NOW)
    adopting.adopt(project, other, JUNE, NOW)
    assert project.definition.is_symlink()
    assert load.load(real).definition.tracks["mql"].when.startswith("score >= 80")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(project: ProjectConfig):
    (project.root / "definitions").mkdir(mode=0o500)
    refused("unwritable-file", project, None, JANUARY, NOW)


def test_a_file_in_the_way_of_the_folder_is_told(project: ProjectConfig):
    (project.root / "definitions").write_bytes(b"")
    assert "definitions" in refused("unwritable-file", project, None, JANUARY, NOW)
