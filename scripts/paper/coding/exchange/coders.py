"""Who coded, under which pseudonym. Names go into the private key and no further."""

from __future__ import annotations

from paper.coding.exchange.mapping import Map
from paper.coding.exchange.model import CodedProject, User
from paper.coding.exchange.pseudonym_map import PseudonymMap
from paper.coding.exchange.pseudonyms import bad_pseudonym, is_pseudonym, next_pseudonym
from paper.coding.exchange.remarks import Remarks
from paper.coding.exchange.store import Dataset

UNKNOWN = "unknown"  # in the key, for whoever coded without a name


class Coders:
    """Users as coders. Pseudonyms are given in the order in which they are asked for."""

    def __init__(
        self,
        project: CodedProject,
        map_: Map,
        dataset: Dataset,
        key: PseudonymMap,
        remarks: Remarks,
        *,
        own: bool,
    ):
        self._users = {user.id: user for user in project.users}
        self._owner = project.owner if project.owner in self._users else ""
        self._map, self._key, self._remarks, self._own = map_, key, remarks, own
        self._known = {row["coder"] for row in dataset.tables["coders"]}
        self._taken = self._known | {row["stands_for"] for row in key.entries("coder")}
        self.pseudonyms: dict[str, str] = {}  # user id → coder

    def of(self, user: str, coding: str) -> str:
        """Return the coder who is a user; the only user of the project where a coding names none."""
        if not user and len(self._users) == 1:
            user = next(iter(self._users))
            self._remarks.repaired(
                "no-user", "codings without a user: taken as the project's only user's", coding
            )
        elif not user:
            self._remarks.unresolved(
                "unknown-user",
                "codings without a user, in a project of several: given to a coder of their own",
                coding,
                "say in data/coders.csv who that is, or set the user in the program",
            )
        if user not in self.pseudonyms:
            self.pseudonyms[user] = self._coder(self._users.get(user, User(user or UNKNOWN, "")))
        return self.pseudonyms[user]

    def writer(self, user: str, note: str) -> str:
        """Return who wrote a memo: a coder, or somebody who coded nothing and is counted as an author instead."""
        user = user or (next(iter(self._users)) if len(self._users) == 1 else "")
        known = self._map.coders.get(self._users[user].name) if user in self._users else ""
        if user in self.pseudonyms or known or user not in self._users or self._own:
            return self.of(user, note)
        self._remarks.repaired("author", "memos of somebody who coded nothing: taken as an author's", note)
        self.pseudonyms[user] = self._coder(self._users[user], "author")
        return self.pseudonyms[user]

    @property
    def owner(self) -> str:
        """The coder who made the project, or its only user; "" where that is unknown."""
        user = self._owner or (next(iter(self._users)) if len(self._users) == 1 else "")
        return self.pseudonyms.get(user, "")

    def _coder(self, user: User, kind: str = "coder") -> str:
        mapped = self._map.coders.get(user.name) or self._map.coders.get(user.id)
        coder = mapped or self._key.by_id("coder", user.id) or self._by_name(user)
        if not coder and user.name and (user.name in self._known or (self._own and is_pseudonym(user.name))):
            coder = user.name
        if coder and not is_pseudonym(coder):
            raise bad_pseudonym(coder)
        coder = coder or next_pseudonym(kind, 1, self._taken)
        self._taken.add(coder)
        self._key.record("coder", user.id, user.name, coder)
        return coder

    def _by_name(self, user: User) -> str:
        """Return a user known under another GUID, as long as the name is nobody else's in this project."""
        alike = [other for other in self._users.values() if other.name == user.name]
        results = {row["stands_for"] for row in self._key.entries("coder") if row["name"] == user.name != ""}
        return results.pop() if len(alike) == 1 and len(results) == 1 else ""
