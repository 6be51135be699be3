"""One frozen `Settings`: defaults < `kb.toml` < `KB_*` environment < flags."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kb.errors import BadSetting

DEFAULT_MODEL = "all-MiniLM-L6-v2"


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "leadership-kb"


class Settings(BaseSettings):
    """Everything that a user may set; unknown keys are refused.

    Attributes:
        corpus: Folder of sources.
        index: Folder of generations.
        cache: Folder for the exported model; shared by all indexes of a user.
        collections: SQLite file of saved passages and judgements.
        model: `all-MiniLM-L6-v2` (weights from its package, with what was trained added), the
            name or folder of any other sentence-transformers model, or `hashing`
            (deterministic, for tests).
        fast_embedding: Use the OpenVINO export where it agrees with the reference.
        passage_tokens: Upper bound on word pieces of a passage with its context.
        overlap_chars: Characters repeated between neighbouring pieces of a long block.
        vocabulary: File of words that stand for one another, or empty for the shipped one.
        cross_encoder: Name or folder of a cross-encoder, or empty for none.
        cross_encoder_limit: Passages that the cross-encoder reads for a question.
        question_chars: Longest question that is read.
        file_mb: Largest file that is read.
        reference_style: CSL style of printed references.
        template_docx: Word template for exports, or empty for the shipped one.
        template_pptx: PowerPoint template for exports, or empty for the shipped one.
        template_markdown: Markdown template for exports, or empty for the shipped one.
        ocr: Read scanned PDF pages, if the extra `ocr` is installed; a page takes seconds.
    """

    model_config = SettingsConfigDict(
        env_prefix="KB_",
        toml_file="kb.toml",
        extra="forbid",
        frozen=True,
        protected_namespaces=(),
    )

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    cache: Path = Field(default_factory=_user_cache)
    collections: Path = Path("collections/collections.sqlite")
    model: str = DEFAULT_MODEL
    fast_embedding: bool = True
    passage_tokens: int = Field(default=256, ge=32, le=8192)
    overlap_chars: int = Field(default=0, ge=0, le=400)
    vocabulary: str = ""
    cross_encoder: str = ""
    cross_encoder_limit: int = Field(default=20, ge=1, le=20)
    question_chars: int = Field(default=2000, ge=100)
    file_mb: int = Field(default=100, ge=1)
    reference_style: str = "apa"
    template_docx: str = ""
    template_pptx: str = ""
    template_markdown: str = ""
    ocr: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags first, then environment, then `kb.toml`."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**flags: Any) -> Settings:
    """Settings with every source of them applied; a flag of None counts as not given.

    Raises:
        BadSetting: A key is unknown or a value is out of its range.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    unknown = sorted(
        name
        for name in os.environ
        if name.startswith("KB_") and name[3:].lower() not in Settings.model_fields
    )
    if unknown:
        raise BadSetting(_unknown_keys(unknown))
    try:
        return Settings(**given)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"kb.toml is not a TOML file ({error}). Correct or remove it.") from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise BadSetting(_unknown_keys([key])) from None
        raise BadSetting(
            f"Setting {key!r} is {first.get('input')!r}: {first['msg'].lower()}. "
            "Correct it in kb.toml, the KB_* environment or the flag."
        ) from None


def _unknown_keys(names: list[str]) -> str:
    known = ", ".join(sorted(Settings.model_fields))
    return f"Unknown setting {', '.join(names)}. Known are: {known}. Remove or rename it."
