"""Errors that the product explains: what was found, what was expected, the next command."""


class KbError(Exception):
    """Base of every error that a command prints in one line with exit status 1."""


class BadSetting(KbError):
    """A setting is unknown or out of its range."""


class UnreadableFile(KbError):
    """A file could not be turned into text; the message names the file and the reason."""


class SourceNotFound(KbError):
    """A path, document, passage or framework that was named does not exist."""


class ModelUnavailable(KbError):
    """The embedding model is missing, damaged or not the one that was asked for."""


class IndexMissing(KbError):
    """No generation has been published yet."""


class IndexDamaged(KbError):
    """A file of the generation does not have the checksum that the manifest states."""


class IndexMismatch(KbError):
    """The generation was built with another model, other settings or another corpus."""


class IndexBusy(KbError):
    """Another process is building this index."""


class BlankQuestion(KbError):
    """Nothing remains of the question after stripping."""


class QuestionTooLong(KbError):
    """The question is longer than the product reads."""


class BadDataset(KbError):
    """An evaluation data set, run or judgement file does not keep its format."""


class CorpusCheckFailed(KbError):
    """The shipped library breaks one of its own rules."""


class BadCollection(KbError):
    """A collection is missing, named twice, or its file cannot be read."""
