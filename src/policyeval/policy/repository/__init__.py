"""The folder of policies: every programme with its versions, and everything that is wrong with them."""

from policyeval.policy.library import Library, ProgrammeVersions, VersionFile
from policyeval.policy.repository.readers import Readers
from policyeval.policy.repository.reading import read_folder

__all__ = ["Library", "ProgrammeVersions", "Readers", "VersionFile", "read_folder"]
