"""Numbers in the documents that no program checks here, and why.

``KINDS`` are told by their form, wherever they stand; ``BESIDE`` are single pieces of text, in
which ``{}`` is any number. Whoever writes a new sentence with a figure adds a check to one of the
``figures_of_*.py``; only where none can be had, or where another test has it, a line here.
"""

from __future__ import annotations

import re

from tests.docs.reading import Beside

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_LETTER = r"[A-Za-zα-ωθ][₀-₉ᵢ∞ᵗ]*(?![a-z])"

#: What a number is by its form, as (in which documents, the form, why it is not looked at).
KINDS: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (document, re.compile(form), why)
    for document, form, why in (
        (r".*", r"```.*?```", "code: it runs or it does not"),
        (r".*", r"`[^`]*`", "a name or a piece of code"),
        (r".*", r"(?<![\d,.])(?:1[5-9]\d\d|20[0-3]\d)(?!\d|,\d|\.\d)", "the year of a source"),
        (r".*", r"\b00\d\d\b", "the number of a decision"),
        (r".*", r"[23]D\b", "a dimension"),
        (r".*", r"\d+\.\d+\.\d+", "a version; test_versions.py has those that are pinned"),
        (
            r"docs/(optimizers|schedules|surfaces|exactness|chance|tuning)\.md",
            rf"\(?(?:{_NUMBER} ?[−+/·^>] ?[(√|⌊]*)+\d*{_LETTER}",
            "a formula in letters: it has no value",
        ),
        (
            r"docs/(optimizers|schedules|surfaces|exactness|chance|tuning)\.md",
            rf"(?<![\w.])[(√]*\d*{_LETTER}[)²]* ?[−+/·^>] ?\(?{_NUMBER}(?![\d%])",
            "a formula in letters: it has no value",
        ),
        (
            r"docs/tuning\.md",
            r"<!-- table: begin.*?table: end -->",
            "tests/engine/test_tuning.py has it",
        ),
        (r"docs/tuning\.md", r"(?<=[:.] )[1-5]\. ", "a number in a list"),
        (r"docs/(optimizers|schedules)\.md", r"\*Knobs:\*.*?\*Source:\*", "test_knobs.py has it"),
        (
            r"docs/(optimizers|schedules)\.md",
            r"## [^`]+ `\w+` .*?(?= \*Knobs:\*)",
            "test_formulas.py has it",
        ),
        (
            r"docs/optimizers\.md",
            r"\| rule \| bound.*?(?=The bound for)",
            "test_formulas.py has it",
        ),
        (
            r"docs/surfaces\.md",
            r"(?<=` )\| (?!ŷ|p =|model).+? (?=\| )",
            "a formula: test_formulas.py has it",
        ),
        (r"docs/.*", r"\b(?:at|from|of|is|as|above) 0(?!\.?\d)", "0 is a place here"),
        (
            r"docs/decisions/.*",
            rf"{_NUMBER}(?: to {_NUMBER}| and {_NUMBER})? (?:ms|µs|s|MB|frames|%|times)(?!\w)",
            "measured when it was decided",
        ),
        (r"docs/outcomes\.md", r"(?<=[:.;f%] )[1-7]\. ", "a number in a list"),
        (r"docs/outcomes\.md", r"(?<=\(k[+−])1(?=\))", "an index"),
        (
            r"docs/outcomes\.md",
            r"## What an adversary tries.*",
            "tests/engine/test_outcomes.py and test_finish.py have these cases",
        ),
        (r"docs/performance\.md", r".+", "measured once; test_performance.py has their structure"),
    )
)

_CHAPTER = "the chapter's own figure"
_KERAS = "Keras's own default; it is not among the packages of the tests"
_PAPER = "a place in a source"
_MEASURED = "measured once, over settings drawn at random"
_DECIDED = "measured, or true, when it was decided"
_EXAMPLE = "an example"
_LIMIT = "a case, no figure"


def _all(document: str, why: str, *texts: str) -> tuple[Beside, ...]:
    return tuple(Beside(document, text, why) for text in texts)


BESIDE: tuple[Beside, ...] = (
    *_all("README.md", "a key", "Ctrl and +, −, {}", "Alt+{}, {}, {}, {} |"),
    *_all("docs/chance.md", "the base of a power", "× {}ⁿ"),
    *_all(
        "docs/exactness.md",
        _MEASURED,
        "Over some {} draws of knobs",
        "was off by more than {} of its length beyond",
        "moves it by some {} at most",
        "that moved a step by {} of its length",
        "at β₂ = {} a step of RAdam's differs from torch's by some {} of its length (at the 75th",
        "The worst of these sixty is off by {}.",
        "The worst of {} settings drawn at random from all that the knobs allow, ends included, "
        "was off by {} of ε",
    ),
    *_all(
        "docs/exactness.md",
        "the setting of a check",
        "with torch up to {}, where step t is allowed {} units over ((1 − β₂)t)² more",
    ),
    *_all("docs/exactness.md", _LIMIT, "β is near {} the"),
    *_all("docs/optimizers.md", _MEASURED, "at β₂ = {} its steps differ from ours by some {} of"),
    *_all(
        "docs/exactness.md",
        "tests/engine/test_calm.py has this race",
        "(ε = {}, β = {} and {}, λ = {}) makes more than {} of {} within {} steps, "
        "and little more of {}, so that two correct programs part by {} where a push of {} shows",
    ),
    *_all("docs/exactness.md", _LIMIT, "a warmup to {} or", "stays within {}."),
    *_all("docs/schedules.md", _LIMIT, "At p = {} torch divides by {}."),
    *_all(
        "docs/outcomes.md",
        _EXAMPLE,
        "moved for {} steps, though the gradient is {}:",
        "though gradient and weight decay together are {}:",
        "though the gradient is {} and weight decay pulls by {}:",
        "last {} steps. |",
    ),
    *_all("docs/outcomes.md", _LIMIT, "noise of size {},", "| step {} |"),
    *_all(
        "docs/decisions/0015-rows-stand-first.md",
        _DECIDED,
        "gradients and schedules {}.",
        "kept for good (`gui/drawing/memory.py`), {} at a time",
    ),
    *_all("docs/decisions/0016-work-outlives.md", "a version", "In Python {} such"),
    *_all("docs/decisions/0016-work-outlives.md", _DECIDED, "the process ends with {},"),
    *_all(
        "docs/optimizers.md",
        _KERAS,
        "Keras begins with r = {} and has δ = {} inside",
        "Keras has ρ = {} and δ = {} inside the root",
        "Keras adds δ = {} to √r",
        "Keras has λ = {}.",
        "Keras has ε = {}, ρ = {} and δ = {}.",
        "Keras fixes ψ = {}.",
        "Keras alike, with ε = {}.",
    ),
    *_all("docs/optimizers.md", _CHAPTER, "the chapter names ρ = {} and {}."),
    *_all(
        "docs/optimizers.md", _PAPER, "Algorithm {}", "section {}", "The paper has no ε and ρ = {};"
    ),
    *_all("docs/optimizers.md", "a formula: test_formulas.py has it", "exp(ψ ln {})"),
    *_all("docs/schedules.md", _CHAPTER, "the chapter's recipe drops at {} and {} of {} epochs"),
    *_all(
        "docs/schedules.md",
        _EXAMPLE,
        "here it may be {}.",
        '"productive: {} of {} epochs"',
        '"productive: {} of {} epochs; {} without a bound: nothing',
    ),
    *_all("docs/schedules.md", _LIMIT, "p = {} is the line", "counts its steps from {} to"),
    *_all("docs/schedules.md", "a formula in letters", "`total_steps` − {}", "(pT + {})/(T + {})"),
    *_all("docs/surfaces.md", _PAPER, "problem {} |", "no. {} |"),
    *_all(
        "docs/surfaces.md", _LIMIT, "with its n = {} and", "has no factor {};", "of amplitude {} ("
    ),
    *_all("docs/surfaces.md", "a formula in letters", "max(z, {})"),
    *_all("docs/surfaces.md", "the search's own bounds", "up to {}, or a wave for each {} points"),
    *_all("docs/tuning.md", "a number in a list", "the ε of rule {})"),
    *_all("docs/tuning.md", "the setting of the table", "would do with ρ = {}, as"),
    *_all("docs/decisions/0002-latest-wins.md", _DECIDED, "it showed {} results", "showed {}. ##"),
    *_all(
        "docs/decisions/0003-numba.md", _DECIDED, "vectors of length {} |", "({} with row numbers)"
    ),
    *_all(
        "docs/decisions/0004-contourpy.md",
        _DECIDED,
        "s for {}, during",
        "for all {} levels",
        "{}th perc",
    ),
    *_all(
        "docs/decisions/0005-pyside6-pin.md",
        "a version; test_versions.py has those that are pinned",
        "held to {} and {}, and",
        "on Python below {}.",
        "From {} on, pyqtgraph must be {} or newer",
        "Fixes of {} are out",
        "give up Python {}.",
        "on {}, for a minute",
    ),
    *_all("docs/decisions/0009-kept-pictures.md", _DECIDED, "racers of {} steps take"),
    *_all("docs/architecture.md", "a name", "the digits {} to {},"),
    *_all("docs/decisions/0009-kept-pictures.md", _EXAMPLE, "{} steps over labels from {} to {}."),
    *_all("docs/decisions/0017-settings-are-text.md", _DECIDED, "- {} lines for"),
    *_all("docs/decisions/0009-kept-pictures.md", _EXAMPLE, "such as {} bounces"),
    *_all("docs/decisions/0010-inter.md", "a version", "cuts of Inter {} (", "Font License {},"),
    *_all("docs/decisions/0011-data-sets.md", "a name", "SHA-{}"),
    *_all("docs/decisions/0011-data-sets.md", _DECIDED, "instead of {}."),
    *_all(
        "docs/decisions/0012-chance.md",
        _DECIDED,
        "momentum was {} % and RMSProp {} %",
        "({} losses of {} examples",
        "the {} steps of batches of {}: {} and",
    ),
    *_all(
        "docs/decisions/0013-opengl.md",
        "a version",
        "pyqtgraph {} gives",
        "OpenGL {} and OpenGL ES {},",
    ),
    *_all("docs/decisions/0013-opengl.md", _DECIDED, "{} ms then, or {}, and on data up to {}."),
    *_all("docs/decisions/0014-imports-read-once.md", _DECIDED, "{} files read"),
    *_all("docs/decisions/0014-imports-read-once.md", _PAPER, "napari issue {}:"),
    *_all(
        "docs/decisions/0018-tables.md",
        _DECIDED,
        "Measured on {} small tables ({} that were once misread, {} of our tests) and on {} in",
        "separators | {} of {} | {} s | {} MB | {} MB | regex",
        "our own score of separators | {} of {} | – | – | {} lines |",
        "charset-normalizer 3.5.3 | {} of {} | {} ms | {} MB | {} MB |",
        "any encoding | {} of {} | {} ms | {} MB | {} MB |",
        "among {} | {} of {} | {} ms | {} MB | {} MB |",
        "a header is wrong in {} of the {} tables",
        "the same measure is {} lines",
    ),
    *_all("docs/decisions/0018-tables.md", "a version", "kinds, Python {}:", "for Python {} and"),
    *_all(
        "docs/decisions/0018-tables.md",
        "a name",
        "Windows-{}",
        "UTF-{}",
        "Latin-{}",
        "Big{}",
        "({}BSD,",
    ),
    *_all(
        "docs/decisions/README.md", "a version; test_versions.py has it", "held to {} and {}, and"
    ),
)
