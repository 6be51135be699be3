"""The folder of sources: what is there, what each file says of itself, adding and removing.

Beside `book.pdf` may lie a sidecar `book.pdf.kb.yaml` whose keys override what the file
says of itself: title, authors, year, framework, family, aliases, people, sources, and any
CSL-JSON field.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import yaml

from kb import readers, readings
from kb.errors import BadSetting, SourceNotFound, UnreadableFile
from kb.expected import FILE as EXPECTED_QUESTIONS
from kb.readers.limits import check_size
from kb.readings import limits_of
from kb.records import Document, Metadata, Reading, Source
from kb.settings import Settings

SIDECAR_SUFFIX = ".kb.yaml"
REFERENCES = "references.json"  # CSL-JSON records of the works that sources cite
NOT_SOURCES = frozenset({REFERENCES, EXPECTED_QUESTIONS, "LICENSE", "README.md"})
ARCHIVE_SUFFIX = ".zip"
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Signature = dict[str, tuple[int, int, int, int]]  # size, times and inode by path


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the corpus folder as it lies there; `sha256` covers its sidecar too."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one path that was to be added.

    Attributes:
        name: The file as the person named it, or its name inside an archive.
        outcome: `added`, `replaced`, `unchanged`, `duplicate` or `refused`.
        path: Where it lies in the corpus folder; None if refused.
        detail: A sentence; empty if there is nothing to say.
        understood: What the file and its sidecar say of it; None if it was not read.
    """

    name: str
    outcome: Literal["added", "replaced", "unchanged", "duplicate", "refused"]
    path: str | None
    detail: str = ""
    understood: Metadata | None = None


def document_id(path: str) -> str:
    """Identifier of the source at a path relative to the corpus folder."""
    return hashlib.sha256(path.encode()).hexdigest()[:12]


def scan(corpus: Path) -> tuple[list[SourceFile], list[str]]:
    """Files of the corpus folder, sorted by path, and a sentence for each file passed over.

    Raises:
        SourceNotFound: The folder does not exist.
    """
    if not corpus.is_dir():
        raise SourceNotFound(
            f"The corpus folder {corpus} does not exist. Add files with: kb add PATH..."
        )
    found: list[SourceFile] = []
    problems: list[str] = []
    for file in sorted(_files(corpus)):
        path = file.relative_to(corpus).as_posix()
        if file.name in NOT_SOURCES or file.name.endswith(SIDECAR_SUFFIX):
            continue
        try:
            readers.format_of(file.name)
            _check_name(path)
            found.append(SourceFile(path, _source_digest(file), file.stat().st_size))
        except UnreadableFile as error:
            problems.append(f"{_printable(path)}: {error}")
        except OSError as error:
            problems.append(f"{path}: cannot be read ({error.strerror})")
    return found, problems


def signature(corpus: Path) -> Signature:
    """Size, times and place on disk by path of every file; a write changes at least one."""
    found: Signature = {}
    for folder, folders, names in os.walk(corpus):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = os.path.join(folder, name)
            try:
                facts = os.stat(path)
            except OSError:
                continue  # gone or unreadable since it was listed; `scan` names what it cannot read
            found[path] = (facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)
    return found


def checksums(corpus: Path, files: Iterable[SourceFile]) -> dict[str, str]:
    """SHA-256 by path of all that an index is made of: the files, then the expected questions."""
    found = {file.path: file.sha256 for file in files}
    if (expected := corpus / EXPECTED_QUESTIONS).is_file():
        found[EXPECTED_QUESTIONS] = _content_digest(expected)
    return found


def corpus_digest(corpus: Path, files: Iterable[SourceFile]) -> str:
    """SHA-256 over path and content of all that an index is made of, in the order given."""
    digest = hashlib.sha256()
    for path, sha256 in checksums(corpus, files).items():
        digest.update(f"{path}\0{sha256}\n".encode())
    return digest.hexdigest()


def read_documents(
    corpus: Path,
    files: Sequence[SourceFile],
    settings: Settings,
    *,
    known: Callable[[str, str], Document | None] = lambda path, sha256: None,
) -> Iterator[Document | str]:
    """Each file's document, or a sentence on why there is none, in the order of `files`.

    Args:
        corpus: The corpus folder.
        files: From `scan`.
        settings: States the limits on one file.
        known: Gives the document of a path and checksum that was read before.
    """
    for file in files:
        if document := known(file.path, file.sha256):
            yield document
            continue
        try:
            yield read_document(corpus, file, settings)
        except UnreadableFile as error:
            yield f"{file.path}: {error}"


def read_document(corpus: Path, file: SourceFile, settings: Settings) -> Document:
    """One file as a document with its metadata completed from its sidecar.

    Raises:
        UnreadableFile: The file or its sidecar cannot be understood.
    """
    place = corpus / file.path
    reading = readings.read(place, settings)
    metadata = _completed(reading.metadata, place)
    if _source_digest(place) != file.sha256:
        raise UnreadableFile(f"{place.name} changed while it was read; run again: kb build")
    source = Source(
        document_id=document_id(file.path),
        path=file.path,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        format=readers.format_of(file.path),
        metadata=metadata,
    )
    return Document(source, reading.text, reading.blocks, reading.raw_spans, reading.problems)


def merged(metadata: Metadata, overrides: Mapping[str, Any]) -> Metadata:
    """The metadata with the given fields in place of its own.

    Args:
        metadata: What the file says.
        overrides: `title`, `authors`, `year`, `framework`, `family`, `aliases`, `people`,
            `sources`; every other key is taken as a CSL-JSON field.
    """
    fields: dict[str, Any] = {}
    csl = dict(metadata.csl)
    for key, given in overrides.items():
        if given in (None, "", (), []):
            continue
        if key in ("title", "framework", "family"):
            fields[key] = str(given)
        elif key == "year":
            fields["year"] = int(given)
        elif key in ("authors", "aliases", "people"):
            fields[key] = tuple(given) if not isinstance(given, str) else (given,)
        elif key == "sources":
            fields["cites"] = tuple(given)
        else:
            csl[key] = given
    return replace(metadata, csl=csl, **fields)


def add(
    paths: Sequence[Path],
    settings: Settings,
    *,
    overrides: Mapping[str, Any] | None = None,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> list[Added]:
    """What became of each path: files are copied into the corpus folder, folders walked.

    A file that cannot be read is refused and reported; the others are added all the same.
    What a sidecar beside a file states is taken along.

    Args:
        paths: Files, folders or zip archives.
        settings: Names the corpus folder and the limits.
        overrides: Metadata that the person states; written to a sidecar.
        progress: Told of every file.

    Raises:
        SourceNotFound: One of the paths does not exist; nothing is added then.
        BadSetting: The framework is not a slug.
    """
    stated = {key: given for key, given in (overrides or {}).items() if given}
    framework = stated.get("framework")
    if framework and not SLUG.fullmatch(framework):
        raise BadSetting(
            f"The framework {framework!r} is not a slug; expected lower-case words joined by "
            "hyphens, as in --framework servant-leadership"
        )
    for path in paths:
        if not path.exists():
            raise SourceNotFound(f"{path} does not exist; nothing was added. Check the path.")
    settings.corpus.mkdir(parents=True, exist_ok=True)
    total = sum(sum(1 for _ in _files(path)) if path.is_dir() else 1 for path in paths)
    added: list[Added] = []
    try:
        for one in _each_added(paths, settings, stated):
            added.append(one)
            progress("Adding files", len(added), max(total, len(added)))
    finally:
        stored = [one.path for one in added if one.outcome in ("added", "replaced")]
        _flush(settings.corpus / path for path in stored if path)
    return added


def _each_added(
    paths: Sequence[Path], settings: Settings, stated: Mapping[str, Any]
) -> Iterator[Added]:
    by_content = {_content_digest(file): file for file in _files(settings.corpus) if file.is_file()}
    taken: dict[str, str] = {}
    for path in paths:
        for name, target, content in _offered(path, settings):
            try:
                if isinstance(content, UnreadableFile):
                    raise content
                _check_target(target, taken)
                facts = {**_facts_beside(Path(name), settings.corpus / target), **stated}
                yield _add_one(name, target, content, settings, by_content, facts)
                taken[target] = name
            except UnreadableFile as error:
                yield Added(name, "refused", None, str(error))
            except OSError as error:
                yield Added(name, "refused", None, f"cannot be stored ({error.strerror})")


def remove(path: str, settings: Settings) -> None:
    """Takes a source and its sidecar out of the corpus folder.

    Raises:
        SourceNotFound: No such source lies in the folder.
    """
    file = _inside(settings.corpus, path)
    if not file.is_file():
        raise SourceNotFound(f"{path} is not in {settings.corpus}. See: kb sources")
    file.unlink()
    _sidecar(file).unlink(missing_ok=True)


def write_sidecar(path: str, settings: Settings, stated: Mapping[str, Any]) -> None:
    """Records what a person states about a source; keys given before are kept.

    Raises:
        SourceNotFound: No such source lies in the folder.
    """
    file = _inside(settings.corpus, path)
    if not file.is_file():
        raise SourceNotFound(f"{path} is not in {settings.corpus}. See: kb sources")
    sidecar = _sidecar(file)
    known = _read_sidecar(sidecar) if sidecar.is_file() else {}
    plain = {
        key: list(given) if isinstance(given, tuple) else given for key, given in stated.items()
    }
    _write_atomically(
        sidecar, yaml.safe_dump({**known, **plain}, allow_unicode=True, sort_keys=True).encode()
    )


def cited_works(corpus: Path) -> dict[str, dict[str, Any]]:
    """CSL-JSON records of `references.json` by key; empty if there is no such file.

    Raises:
        UnreadableFile: The file is not a JSON array of records with an `id`.
    """
    file = corpus / REFERENCES
    if not file.is_file():
        return {}
    try:
        return {record["id"]: record for record in json.loads(file.read_text(encoding="utf-8"))}
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableFile(
            f"{REFERENCES} is not a JSON array of CSL records with an id ({error}). "
            "Mend it, then run: kb corpus check"
        ) from None


def _completed(metadata: Metadata, file: Path) -> Metadata:
    """What a file says of itself with what its sidecar states; never without a title."""
    if (sidecar := _sidecar(file)).is_file():
        try:
            metadata = merged(metadata, _read_sidecar(sidecar))
        except (TypeError, ValueError) as error:
            raise UnreadableFile(f"its sidecar {sidecar.name} cannot be used: {error}") from None
    if metadata.title:
        return metadata
    return replace(metadata, title=file.stem.replace("_", " "))


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in names if not name.startswith("."))


def _linked_folders(folder: Path) -> Iterator[Path]:
    """Links to folders; none is followed, so that a loop of them ends and nothing is read twice."""
    for place, folders, _ in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (link for name in folders if (link := Path(place) / name).is_symlink())


def _leads_out(file: Path, folder: Path) -> bool:
    """Whether a file of a folder is a link to something that does not lie in the folder."""
    whole = Path(os.path.realpath(folder))
    return file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(whole)


def _not_followed(link: Path) -> UnreadableFile:
    kind = "a folder" if link.is_dir() else "a file outside of the folder"
    return UnreadableFile(
        f"{link.name} is a link to {kind} and is not followed; to add what it leads to: "
        f"kb add {os.path.realpath(link)}"
    )


def _sidecar(file: Path) -> Path:
    return file.with_name(file.name + SIDECAR_SUFFIX)


def _read_sidecar(sidecar: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(sidecar.read_text(encoding="utf-8")) or {}
        if not isinstance(found, dict):
            raise ValueError("expected keys and values")
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise UnreadableFile(f"its sidecar {sidecar.name} cannot be read: {reason}") from None
    return found


def _content_digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _source_digest(file: Path) -> str:
    """SHA-256 of a file and of its sidecar, if there is one."""
    if not file.is_file() and file.exists():
        raise UnreadableFile(f"{file.name} is no regular file; expected one that holds text")
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256")
    if (sidecar := _sidecar(file)).is_file():
        digest.update(b"\0" + sidecar.read_bytes())
    return digest.hexdigest()


def _check_target(target: str, taken: Mapping[str, str]) -> None:
    """Refuses a place in the corpus folder where a file would be lost or never be read."""
    _check_name(target)
    name = Path(target).name
    if name in NOT_SOURCES or any(part.startswith(".") for part in Path(target).parts):
        raise UnreadableFile(
            f"{target} has a name that the corpus folder does not read as a source; rename it"
        )
    if target in taken:
        raise UnreadableFile(
            f"{taken[target]} was just added as {target}; rename one of them, or add their folder"
        )


def _check_name(path: str) -> None:
    try:
        path.encode()
    except UnicodeEncodeError:
        raise UnreadableFile("its name is not valid Unicode; rename it") from None


def _printable(path: str) -> str:
    return path.encode(errors="replace").decode()


def _inside(corpus: Path, path: str) -> Path:
    file = (corpus / path).resolve()
    if not file.is_relative_to(corpus.resolve()):
        raise SourceNotFound(f"{path} lies outside the corpus folder. See: kb sources")
    return file


def _offered(path: Path, settings: Settings) -> Iterator[tuple[str, str, bytes | UnreadableFile]]:
    """Name as given, target in the corpus folder, and content or the reason for refusal."""
    limits = limits_of(settings)
    if path.is_dir():
        for link in sorted(_linked_folders(path)):
            yield str(link), link.name, _not_followed(link)
        for file in sorted(_files(path)):
            if _leads_out(file, path):
                yield str(file), file.name, _not_followed(file)
            elif file.suffix.lower() == ARCHIVE_SUFFIX:
                packed_apart = f"{file.name} is an archive in a folder; add it with: kb add {file}"
                yield str(file), file.name, UnreadableFile(packed_apart)
            elif not file.name.endswith(SIDECAR_SUFFIX):
                yield str(file), file.relative_to(path).as_posix(), _content(file, limits)
    elif path.suffix.lower() == ARCHIVE_SUFFIX:
        from kb.readers.archive import documents

        packed = _content(path, limits)
        try:
            if isinstance(packed, UnreadableFile):
                raise packed
            for name, content in documents(packed, name=path.name, limits=limits):
                yield f"{path.name}/{name}", f"{path.stem}/{name}", content
        except UnreadableFile as error:
            yield str(path), path.name, error
    else:
        yield str(path), path.name, _content(path, limits)


def _content(file: Path, limits: readers.Limits) -> bytes | UnreadableFile:
    try:
        if file.suffix.lower() != ARCHIVE_SUFFIX:
            readers.format_of(file.name)
        if file.exists() and not file.is_file():
            # A pipe or device would be waited for without end.
            raise UnreadableFile(f"{file.name} is no regular file; expected one that holds text")
        check_size(file.stat().st_size, name=file.name, limits=limits)
        return file.read_bytes()
    except UnreadableFile as error:
        return error
    except OSError as error:
        return UnreadableFile(f"{file.name} cannot be read: {error.strerror}")


def _facts_beside(file: Path, target: Path) -> dict[str, Any]:
    """What the sidecar beside a file states and the one at its target does not."""
    if not _sidecar(file).is_file():
        return {}
    known = _read_sidecar(_sidecar(target)) if _sidecar(target).is_file() else {}
    beside = _read_sidecar(_sidecar(file))
    return {key: given for key, given in beside.items() if known.get(key) != given}


def _add_one(
    name: str,
    target: str,
    content: bytes,
    settings: Settings,
    by_content: dict[str, Path],
    stated: Mapping[str, Any],
) -> Added:
    digest = hashlib.sha256(content).hexdigest()
    file = settings.corpus / target
    existed = file.exists()
    detail = ""
    twin = by_content.get(digest)
    if twin and twin != file:
        file, existed = twin, True
        target = twin.relative_to(settings.corpus).as_posix()
        detail = f"the same content is already there as {target}"
        if not stated:
            return Added(name, "duplicate", target, detail)
    if twin == file and not stated:
        return Added(name, "unchanged", target)
    if twin:
        reading = readings.read(file, settings)
    else:
        reading = _write_checked(file, content, settings)
        by_content[digest] = file
    if stated:
        write_sidecar(target, settings, stated)
    understood = _completed(reading.metadata, file)
    return Added(name, "replaced" if existed else "added", target, detail, understood)


def _write_checked(file: Path, content: bytes, settings: Settings) -> Reading:
    """Puts the content in its place once a reader has understood it."""
    with tempfile.TemporaryDirectory(dir=settings.corpus, prefix=".kb-") as folder:
        trial = Path(folder) / file.name
        trial.write_bytes(content)
        reading = readings.read(trial, settings)
        if file.exists():
            _flush([trial])
        file.parent.mkdir(parents=True, exist_ok=True)
        os.replace(trial, file)
    return reading


def _flush(files: Iterable[Path]) -> None:
    """Sees the files through to the disk; together that is much faster than one by one."""
    for file in files:
        with suppress(FileNotFoundError):  # taken away meanwhile
            handle = os.open(file, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _write_atomically(file: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".kb-")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        shutil.copymode(file, name) if file.exists() else os.chmod(name, 0o644)
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
