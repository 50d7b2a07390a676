"""Texts for readers: English in the code, other languages from gettext catalogues.

A message is written once, in English, as `message("unknown name `{name}`", name=name)`; Babel
extracts the first argument. The text is translated when it is shown, not when it is made, so one
diagnostic can be read in every language. Values are put in by name and never interpreted: no text
from a user reaches `str.format` as a template.
"""

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

DOMAIN = "policyeval"
LANGUAGES = ("en", "sv", "de")

_FIELD = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Message:
    """A text with named fields, not yet in any language.

    Attributes:
        template: The English text, which is also the key in the catalogues.
        fields: Name to value; a value that is itself a message is translated too.
    """

    template: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def __reduce__(self) -> tuple[type["Message"], tuple[str, dict[str, object]]]:
        # So that the errors that hold messages come back from another process.
        return Message, (self.template, dict(self.fields))

    def text(self, language: str = "en") -> str:
        """Give the text in `en`, `sv` or `de`."""
        template = translations(language).gettext(self.template)

        def value(match: re.Match[str]) -> str:
            given = self.fields.get(match[1], match[0])
            return given.text(language) if isinstance(given, Message) else visible(str(given))

        return _FIELD.sub(value, template)


@dataclass(frozen=True, slots=True)
class Worded(Message):
    """A text that is not ours but a policy's own, which has it in every language already."""

    template: str = ""
    texts: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    def __reduce__(self) -> tuple[type["Message"], tuple[str, dict[str, object]]]:
        return worded, (dict(self.texts),)  # type: ignore[return-value]  # a function as good

    def text(self, language: str = "en") -> str:
        """Give the text in `en`, `sv` or `de`."""
        return visible(self.texts.get(language, self.texts.get("en", "")))


def worded(texts: Mapping[str, str]) -> Worded:
    """Make a message of a text per language."""
    return Worded(texts=MappingProxyType(dict(texts)))


def message(template: str, /, **fields: object) -> Message:
    """Make a message; the first argument is what Babel extracts."""
    return Message(template, MappingProxyType(fields))


@cache
def translations(language: str) -> gettext.NullTranslations:
    """Load the catalogue of a language from the allow-list; anything else reads English."""
    if language not in LANGUAGES or language == "en":
        return gettext.NullTranslations()
    from importlib import resources

    path = resources.files("policyeval") / "locales" / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


def language_of(tag: str | None) -> str:
    """Choose the language for a tag such as `de-CH`, `sv_SE.UTF-8` or None; English if unknown."""
    match = re.fullmatch(r"([a-z]{2})(?:[-_][A-Za-z]{2})?(?:\.[\w-]+)?", tag or "")
    return match[1] if match and match[1] in LANGUAGES else "en"


# Characters that change how the text around them looks, or cannot be seen at all.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    r"""Write control, invisible and direction-changing characters as `\u202e`."""
    return _HIDDEN.sub(
        lambda match: (
            f"\\u{ord(match[0]):04x}" if ord(match[0]) < 0x10000 else f"\\U{ord(match[0]):06x}"
        ),
        text,
    )
